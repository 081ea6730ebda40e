#include "worker/trainer/dataset/inspection_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "shared/model/augmentation.h"
#include "worker/trainer/dataset/leakage.h"
#include "worker/trainer/dataset/listing.h"

namespace melsweep::dataset {
namespace {

constexpr std::int64_t kBarLength = 40;
constexpr std::size_t kMaxFoldColumns = 20;
constexpr std::size_t kBadClipsShown = 20;
constexpr std::size_t kPairsShown = 20;

// "22050 Hz: 48, 44100 Hz: 32"
std::string counts_line(const std::map<int, std::int64_t>& counts, const char* unit) {
  std::string line;
  for (const auto& [value, count] : counts) {
    line += fmt::format("{}{}{}: {}", line.empty() ? "" : ", ", value, unit, count);
  }
  return line;
}

std::size_t name_width(const Inspection& inspection) {
  std::size_t width = 5;  // "class"
  for (const ClassSummary& summary : inspection.classes) width = std::max(width, summary.name.size());
  return width;
}

// Of these clips, if all of them trained.
std::int64_t pictures_of(const std::map<int, std::int64_t>& clips_by_channels,
                         std::span<const Augmentation> augmentation) {
  std::int64_t pictures = 0;
  for (const auto& [channels, clips] : clips_by_channels)
    pictures += clips * training_pictures(channels, augmentation);
  return pictures;
}

std::string class_bars(const Inspection& inspection, std::span<const Augmentation> augmentation) {
  const std::size_t width = name_width(inspection);
  const auto column = [&](const auto& value) {
    return augmentation.empty() ? std::string() : fmt::format("  {:>8}", value);
  };
  std::int64_t most = 1;
  for (const ClassSummary& summary : inspection.classes) most = std::max(most, summary.clips);
  std::string text =
      fmt::format("{:<{}}  {:>6}{}  {:>10}\n", "class", width, "clips", column("pictures"), "recordings");
  for (const ClassSummary& summary : inspection.classes) {
    // Rounded up: what is there is seen.
    const auto bar = static_cast<std::size_t>((summary.clips * kBarLength + most - 1) / most);
    text += fmt::format("{:<{}}  {:>6}{}  {:>10}{}{}\n", summary.name, width, summary.clips,
                        column(pictures_of(summary.channels, augmentation)), summary.groups,
                        bar == 0 ? "" : "  ", std::string(bar, '#'));
  }
  return text;
}

std::string fold_table(const Inspection& inspection) {
  if (inspection.folds.empty() || inspection.folds.size() > kMaxFoldColumns) return "";
  const std::size_t width = name_width(inspection);
  std::string text = fmt::format("\n{:<{}}", "fold", width);
  for (const auto& [fold, count] : inspection.folds) text += fmt::format(" {:>5}", fold);
  text += "\n";
  for (const ClassSummary& summary : inspection.classes) {
    text += fmt::format("{:<{}}", summary.name, width);
    for (const auto& [fold, count] : inspection.folds) {
      const auto found = summary.per_fold.find(fold);
      text += fmt::format(" {:>5}", found == summary.per_fold.end() ? 0 : found->second);
    }
    text += "\n";
  }
  text += fmt::format("{:<{}}", "all", width);
  for (const auto& [fold, count] : inspection.folds) text += fmt::format(" {:>5}", count);
  return text + "\n";
}

std::string problem_lines(const Inspection& inspection) {
  if (inspection.usable()) return "\nno problems found\n";
  std::string text = "\nproblems\n";
  const std::vector<BadClip>& bad = inspection.bad_clips;
  for (std::size_t i = 0; i < std::min(bad.size(), kBadClipsShown); ++i)
    text += fmt::format("  {}\n", bad[i].reason);
  if (bad.size() > kBadClipsShown) {
    text += fmt::format("  and {} more clips that cannot be used (-o json names them all)\n",
                        bad.size() - kBadClipsShown);
  }
  for (const std::string& problem : inspection.problems) text += fmt::format("  {}\n", problem);
  return text;
}

std::string with_fold(const std::string& clip, int fold) {
  return fold == 0 ? clip : fmt::format("{} (fold {})", clip, fold);
}

// How many clips were compared, and why the others were not.
std::string compared_line(const Inspection& inspection) {
  const NearDuplicates uncompared{.too_short = inspection.too_short, .too_even = inspection.too_even};
  const std::string why = not_compared(uncompared);
  return fmt::format("compared   {} clips by their sound{}{}\n",
                     inspection.clips - inspection.too_short - inspection.too_even,
                     why.empty() ? "" : "; the others are not: ", why);
}

std::string alike_lines(const Inspection& inspection) {
  const std::vector<AlikeClips>& alike = inspection.alike;
  if (alike.empty()) return "";
  std::string text = "\nsound the same, though of different recordings: listen, and keep them on one side\n";
  for (std::size_t i = 0; i < std::min(alike.size(), kPairsShown); ++i) {
    text += fmt::format("  {} ~ {}, {:.1f} % of the bits differ\n",
                        with_fold(alike[i].first, alike[i].first_fold),
                        with_fold(alike[i].second, alike[i].second_fold), 100.0 * alike[i].difference);
  }
  if (alike.size() > kPairsShown)
    text += fmt::format("  and {} more pairs (-o json names them all)\n", alike.size() - kPairsShown);
  return text;
}

nlohmann::json alike_json(const Inspection& inspection) {
  nlohmann::json pairs = nlohmann::json::array();
  for (const AlikeClips& pair : inspection.alike) {
    pairs.push_back({{"clips", {pair.first, pair.second}},
                     {"folds", {pair.first_fold, pair.second_fold}},
                     {"difference", pair.difference}});
  }
  return {
      {"pairs", std::move(pairs)}, {"too_short", inspection.too_short}, {"too_even", inspection.too_even}};
}

nlohmann::json counts_json(const std::map<int, std::int64_t>& counts) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [value, count] : counts) json[std::to_string(value)] = count;
  return json;
}

}  // namespace

std::string to_table(const Inspection& inspection, std::span<const Augmentation> augmentation) {
  const Durations& durations = inspection.durations;
  std::string text = fmt::format("format     {}\nclips      {} of {} classes\n",
                                 format_name(inspection.format), inspection.clips, inspection.classes.size());
  if (!augmentation.empty()) {
    text += fmt::format("pictures   {}, if all of them trained with this augmentation\n",
                        pictures_of(inspection.channels, augmentation));
  }
  text += fmt::format("durations  {:.2f} s to {:.2f} s, median {:.2f} s\n", durations.min, durations.max,
                      durations.median);
  text += fmt::format("rates      {}\n", counts_line(inspection.sample_rates, " Hz"));
  text += fmt::format("channels   {}\n", counts_line(inspection.channels, ""));
  text +=
      fmt::format("folds      {}\n", inspection.folds.empty() ? "none" : counts_line(inspection.folds, ""));
  text += compared_line(inspection) + "\n";
  return text + class_bars(inspection, augmentation) + fold_table(inspection) + problem_lines(inspection) +
         alike_lines(inspection);
}

nlohmann::json to_json(const Inspection& inspection, std::span<const Augmentation> augmentation) {
  nlohmann::json classes = nlohmann::json::array();
  for (const ClassSummary& summary : inspection.classes) {
    classes.push_back({{"name", summary.name},
                       {"clips", summary.clips},
                       {"groups", summary.groups},
                       {"folds", counts_json(summary.per_fold)}});
    if (!augmentation.empty()) classes.back()["pictures"] = pictures_of(summary.channels, augmentation);
  }
  nlohmann::json bad_clips = nlohmann::json::array();
  for (const BadClip& clip : inspection.bad_clips)
    bad_clips.push_back({{"id", clip.id}, {"reason", clip.reason}});
  const Durations& durations = inspection.durations;
  nlohmann::json json = {
      {"format", format_name(inspection.format)},
      {"usable", inspection.usable()},
      {"clips", inspection.clips},
      {"duration_s", {{"min", durations.min}, {"median", durations.median}, {"max", durations.max}}},
      {"classes", std::move(classes)},
      {"sample_rates", counts_json(inspection.sample_rates)},
      {"channels", counts_json(inspection.channels)},
      {"folds", counts_json(inspection.folds)},
      {"bad_clips", std::move(bad_clips)},
      {"problems", inspection.problems},
      {"sound_the_same", alike_json(inspection)}};
  if (!augmentation.empty()) json["pictures"] = pictures_of(inspection.channels, augmentation);
  return json;
}

}  // namespace melsweep::dataset

// What the time of the trials went into, and what caches and fusion saved of it.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/report/chart_data.h"
#include "client/report/sections.h"
#include "client/report/stage_groups.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::StoryRun;
using results::SweepStory;

constexpr char kHowToRead[] =
    "A stage's seconds are those in which a worker was at work on it. Stages may go on at the same time, as "
    "spectrograms are made while the network works on those before, so that the shares may add up to more "
    "than 1; what is missing to 1 is waiting for the coordinator and storing. Features that a worker waited "
    "for were "
    "made by another one meanwhile. What trials of a group shared "
    "counts once.";

// Steps a second that nobody takes.
constexpr double kFastest = 1e15;

// A sweep with its groups.
struct Told {
  const SweepStory* sweep = nullptr;
  std::vector<StageGroup> groups;
  std::vector<StageTime> stages;
  double worker_s = 0.0;  // of the runs that are in it
};

std::vector<Told> tell(const results::Story& story) {
  std::vector<Told> told;
  for (const SweepStory& sweep : story.sweeps) {
    Told one{.sweep = &sweep, .groups = stage_groups(own_runs(sweep)), .stages = {}, .worker_s = 0.0};
    if (one.groups.empty()) continue;
    one.stages = added_up(one.groups);
    Runs runs;
    for (const StageGroup& group : one.groups) runs.insert(runs.end(), group.runs.begin(), group.runs.end());
    one.worker_s = worker_time_s(runs);
    told.push_back(std::move(one));
  }
  return told;
}

// A short time has more digits.
Cell time_cell(double seconds) {
  return seconds < 10.0 ? measured_cell(seconds) : seconds_cell(seconds);
}

DataTable stages_table(const std::vector<Told>& told) {
  DataTable table{
      .key = "timing-stages",
      .caption = "What the time of each sweep went into",
      .columns = {"sweep", "name", "stage", "seconds", "share of worker time", "made", "from the cache"},
      .rows = {}};
  for (const Told& one : told) {
    for (const StageTime& stage : one.stages) {
      Cell share = one.worker_s > 0.0 ? measured_cell(stage.seconds / one.worker_s) : empty_cell();
      table.rows.push_back({count_cell(one.sweep->summary.id.value), text_cell(name(one.sweep->summary.name)),
                            text_cell(name(stage.stage)), time_cell(stage.seconds), std::move(share),
                            count_cell(stage.made), count_cell(stage.found)});
    }
  }
  return table;
}

// Bars of the stages, each of a piece for every sweep: what is added up does not overlap.
Chart stages_chart(const std::vector<Told>& told, const std::vector<StageTime>& sums) {
  BarChart bars{.x_title = "seconds of worker time", .categories = {}, .series = {}};
  for (const StageTime& sum : sums) bars.categories.push_back(name(sum.stage, 40));
  for (const Told& one : told) {
    BarSeries series{
        .name = absl::StrCat(one.sweep->summary.id.value, " ", name(one.sweep->summary.name, 40)),
        .values = {}};
    for (const StageTime& sum : sums) {
      const auto own = std::ranges::find(one.stages, sum.stage, &StageTime::stage);
      series.values.push_back(own == one.stages.end() ? 0.0 : own->seconds);
    }
    bars.series.push_back(std::move(series));
  }
  const auto longest = std::ranges::max_element(sums, {}, &StageTime::seconds);
  const int rows = static_cast<int>(bars.categories.size());
  return {
      .title = "Where the time went",
      .description = absl::StrCat("Bars of the seconds of each stage, by sweep. The longest is ",
                                  name(longest->stage, 40), " with ", seconds_text(longest->seconds), "."),
      .data = to_data(bars),
      .height = std::clamp(90 + 28 * rows, 140, 1200),
      .table = stages_table(told)};
}

std::string items_text(const CacheUse& use) {
  if (use.stage == "reading data") return counted(use.found, "file") + " known from an earlier reading";
  if (use.stage == "spectrograms") return counted(use.found, "spectrogram");
  if (use.stage == "bottlenecks") return counted(use.found, "bottleneck");
  return absl::StrCat(counted(use.found), " of ", name(use.stage, 40));
}

std::string caches_text(const std::vector<CacheUse>& uses) {
  if (uses.empty()) return "The caches held nothing of what these trials needed.";
  std::vector<std::string> found;
  std::vector<std::string> unknown;
  double saved_s = 0.0;
  for (const CacheUse& use : uses) {
    found.push_back(items_text(use));
    saved_s += use.saved_s();
    if (use.made == 0) unknown.push_back(name(use.stage, 40));
  }
  std::string text = absl::StrCat("From the caches came ", listed(found), ". ");
  if (unknown.size() == uses.size()) {
    return absl::StrCat(text,
                        "What that saved is not known: nothing of it was made here, so that nobody "
                        "measured what it takes.");
  }
  absl::StrAppend(&text,
                  "Made anew, at the time that each took where it was made here, they would have cost ",
                  seconds_text(saved_s), " more: an estimate");
  if (!unknown.empty()) {
    absl::StrAppend(&text, ", without ", listed(unknown), ", which was not measured here");
  }
  const auto are_counted = [](const CacheUse& use) { return use.stage == "bottlenecks" && use.made > 0; };
  if (std::ranges::any_of(uses, are_counted)) {
    absl::StrAppend(&text, "; the spectrograms that these bottlenecks are made of are not in it");
  }
  return text + ".";
}

DataTable caches_table(const std::vector<CacheUse>& uses) {
  DataTable table{.key = "timing-caches",
                  .caption = "What the caches saved, estimated",
                  .columns = {"stage", "made", "seconds for each", "from the cache", "saved (s)"},
                  .rows = {}};
  for (const CacheUse& use : uses) {
    const bool is_known = use.made > 0;
    table.rows.push_back({text_cell(name(use.stage)), count_cell(use.made),
                          is_known ? measured_cell(use.seconds_per_made) : empty_cell(),
                          count_cell(use.found), is_known ? time_cell(use.saved_s()) : empty_cell()});
  }
  return table;
}

std::string per_second(const Rate& rate) {
  const double value = rate.per_second();
  return value < 10.0 ? fixed(value, 1) : counted(std::llround(std::min(value, kFastest)));
}

// What the same time would have brought without, where that was measured.
std::string saved_by_fusion(const Fusion& fusion) {
  if (!fusion.alone.is_known() || fusion.fused_s <= 0.0) {
    return "No trial of the same features and batch size ran alone here, so what that saved is not known.";
  }
  return absl::StrCat(counted(fusion.alone.trials, "trial"),
                      " of the same features and batch size ran alone, at ", per_second(fusion.alone),
                      " steps a second: at that rate what their groups trained in ",
                      seconds_text(fusion.fused_s), " would have taken ", seconds_text(fusion.alone_s), ", ",
                      fixed(fusion.alone_s / fusion.fused_s, 1), " times as long, by estimate.");
}

std::string fusion_text(const Runs& runs, const std::vector<StageGroup>& groups) {
  std::map<std::string, std::int64_t> sizes;
  for (const StoryRun* run : runs) sizes[run->group] = run->begun_together;
  const std::int64_t largest =
      std::ranges::max_element(sizes, {}, [](const auto& size) { return size.second; })->second;
  if (largest <= 1) return "Each trial ran by itself.";
  std::string text =
      absl::StrCat("Trials that differ in training alone ran side by side over the same minibatches, up to ",
                   counted(largest), " in a group");
  const Fusion fusion = fusion_of(groups);
  if (!fusion.fused.is_known()) {
    return absl::StrCat(text, "; what that saved is not known, since how long they trained is not.");
  }
  return absl::StrCat(text, ": ", counted(fusion.fused.trials, "trial"), " took ",
                      counted(fusion.fused.steps), " steps in ", seconds_text(fusion.fused.seconds),
                      " of training, ", per_second(fusion.fused), " a second. ", saved_by_fusion(fusion));
}

std::string untold_text(const Runs& runs) {
  const auto untold = std::ranges::count_if(runs, [](const StoryRun* run) { return run->stages.empty(); });
  if (untold == 0) return "";
  const char* why = "before the database kept it, or with a trainer that does not tell";
  if (untold == static_cast<std::ptrdiff_t>(runs.size())) {
    return absl::StrCat(
        "What the time of the trials went into is not known, nor what the caches saved: they "
        "ran ",
        why, ".");
  }
  return absl::StrCat("What the time of ", counted(untold), " of ",
                      counted(static_cast<std::int64_t>(runs.size()), "trial"),
                      " went into is not known: they ran ", why, ". They are not in these numbers.");
}

}  // namespace

std::vector<Block> stage_blocks(const results::Story& story) {
  const Runs runs = own_runs(story);
  std::vector<Block> blocks;
  if (runs.empty()) return blocks;
  const std::vector<Told> told = tell(story);
  std::vector<StageGroup> groups;
  for (const Told& one : told) groups.insert(groups.end(), one.groups.begin(), one.groups.end());
  if (const std::string text = untold_text(runs); !text.empty()) blocks.push_back(paragraph(text));
  if (!groups.empty()) {
    blocks.emplace_back(stages_chart(told, added_up(groups)));
    blocks.push_back(paragraph(kHowToRead));
    const std::vector<CacheUse> uses = cache_uses(groups);
    blocks.push_back(paragraph(caches_text(uses)));
    if (!uses.empty()) blocks.emplace_back(caches_table(uses));
  }
  blocks.push_back(paragraph(fusion_text(runs, groups)));
  return blocks;
}

}  // namespace melsweep::report

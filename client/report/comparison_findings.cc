#include "client/report/comparison_findings.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "client/report/curves.h"
#include "client/report/findings.h"
#include "client/report/sections.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::SweepStory;

constexpr std::size_t kNamedDifferences = 4;

std::string no_result_text(const Comparison& comparison) {
  const bool has_a = comparison.a.sweep != nullptr;
  const bool has_b = comparison.b.sweep != nullptr;
  if (!has_a && !has_b) {
    return absl::StrCat("Nothing can be compared yet: no setting of ", side_text(comparison.a),
                        " has a result, nor of ", side_text(comparison.b), ".");
  }
  return absl::StrCat("Nothing can be compared yet: no setting of ",
                      side_text(has_a ? comparison.b : comparison.a), " has a result.");
}

std::string classes_text(const Comparison& comparison) {
  std::set<std::string> of_a;
  for (const auto& counts : comparison.a.sweep->data.classes) of_a.insert(counts.class_name);
  std::int64_t shared = 0;
  for (const auto& counts : comparison.b.sweep->data.classes)
    shared += of_a.contains(counts.class_name) ? 1 : 0;
  return absl::StrCat(side_text(comparison.a), " and ", side_text(comparison.b),
                      " do not tell the same classes apart (", of_a.size(), " and ",
                      comparison.b.sweep->data.classes.size(), ", ", shared,
                      " of them in common), so that neither can be called better.");
}

std::string result_text(const Side& side) {
  return absl::StrCat(metric_text(side.sweep->summary.objective_metric), " of ",
                      objective_text(*side.sweep, side.sweep->cells.front()));
}

std::string clips_text(const Side& side) {
  if (!side.evaluation) return "no predictions were kept";
  return absl::StrCat(counted(side.evaluation->predictions), " ", side.evaluation->split, " clips");
}

std::string no_clips_text(const Comparison& comparison) {
  return absl::StrCat(side_text(comparison.a), " and ", side_text(comparison.b),
                      " were evaluated on no clip in common, so that neither can be called better: A has a ",
                      result_text(comparison.a), " (", clips_text(comparison.a), "), B a ",
                      result_text(comparison.b), " (", clips_text(comparison.b), ").");
}

// "the same 80 validation clips"
std::string same_clips(const Comparison& comparison) {
  const std::string& split = comparison.a.evaluation->split;
  return absl::StrCat("the same ", counted(comparison.difference.clips), " ",
                      split == comparison.b.evaluation->split ? split + " " : "", "clips");
}

// The ends of the interval in points, in the direction of `sign`.
std::string interval_text(const PairedDifference& difference, double sign) {
  const auto [low, high] = std::minmax({sign * difference.interval.low, sign * difference.interval.high});
  return absl::StrCat("95 % interval ", signed_fixed(low * 100.0, 1), " to ", signed_fixed(high * 100.0, 1));
}

std::string undecided_text(const Comparison& comparison) {
  const PairedDifference& difference = comparison.difference;
  const std::string both =
      absl::StrCat(side_text(comparison.a), " and ", side_text(comparison.b), " cannot be told apart: ");
  if (difference.fixed == 0 && difference.broken == 0) {
    return absl::StrCat(both, "on ", same_clips(comparison), " the accuracy of each is ",
                        measured(comparison.a_right), ", and they are right about the very same ones.");
  }
  const bool is_few = difference.interval.low > 0.0 || difference.interval.high < 0.0;
  return absl::StrCat(
      both, "on ", same_clips(comparison), " A's accuracy is ", measured(comparison.a_right), " and B's ",
      measured(comparison.b_right), ", B less A ", signed_fixed(difference.mean * 100.0, 1), " points (",
      interval_text(difference, 1.0),
      is_few ? absl::StrCat(", but of only ", counted(difference.recordings_apart, "recording"), ")")
             : std::string(")"),
      ".");
}

// The mean of what a trial of the best setting took, in seconds; 0 where none was timed.
double trial_seconds(const SweepStory& sweep) {
  double sum = 0.0;
  double trials = 0.0;
  for (const results::StoryRun& run : sweep.runs) {
    if (run.reused ||
        std::ranges::find(sweep.cells.front().trials, run.trial) == sweep.cells.front().trials.end()) {
      continue;
    }
    sum += static_cast<double>(run.ended_ms - run.started_ms) / 1000.0;
    trials += 1.0;
  }
  return trials > 0.0 ? sum / trials : 0.0;
}

std::string time_text(const Side& side) {
  double seconds = 0.0;
  std::int64_t trials = 0;
  for (const SweepStory& sweep : side.story->sweeps) {
    seconds += worker_seconds(sweep);
    trials += std::ranges::count(sweep.runs, false, &results::StoryRun::reused);
  }
  if (trials == 0) return absl::StrCat(side.letter, " trained nothing of its own");
  std::string text = absl::StrCat(side.letter, " took ", seconds_text(seconds), " of worker time for ",
                                  counted(trials, "trial"));
  if (side.sweep == nullptr) return text;
  if (const double one = trial_seconds(*side.sweep); one > 0.0) {
    absl::StrAppend(&text, ", ", seconds_text(one), " a trial of its best setting");
  }
  return text;
}

}  // namespace

std::string comparison_finding(const Comparison& comparison) {
  if (comparison.a.sweep == nullptr || comparison.b.sweep == nullptr) return no_result_text(comparison);
  if (!comparison.has_same_classes) return classes_text(comparison);
  const PairedDifference& difference = comparison.difference;
  if (difference.clips == 0) return no_clips_text(comparison);
  if (difference.is_undecided()) return undecided_text(comparison);
  const bool is_b = difference.mean > 0.0;
  return absl::StrCat(side_text(is_b ? comparison.b : comparison.a), " is better than ",
                      side_text(is_b ? comparison.a : comparison.b), " by ",
                      points(std::abs(difference.mean)), ": on ", same_clips(comparison), " its accuracy is ",
                      measured(is_b ? comparison.b_right : comparison.a_right), " against ",
                      measured(is_b ? comparison.a_right : comparison.b_right), " (",
                      interval_text(difference, is_b ? 1.0 : -1.0), ").");
}

std::string differences_finding(const std::vector<SettingPair>& differences) {
  if (differences.empty()) return "The best settings of both do not differ in anything that is recorded.";
  const auto count = static_cast<std::int64_t>(differences.size());
  if (differences.size() > kNamedDifferences) {
    return absl::StrCat("The best settings of both differ in ", counted(count), " things.");
  }
  std::vector<std::string> words;
  for (const SettingPair& pair : differences) {
    const auto shown = [](const std::string& value) { return value.empty() ? "nothing" : name(value, 60); };
    words.push_back(absl::StrCat(name(pair.path), " (", shown(pair.a), " against ", shown(pair.b), ")"));
  }
  return absl::StrCat("The best settings of both differ in ", listed(words), ".");
}

std::string contrasts_finding(const std::vector<ClassContrast>& classes) {
  std::vector<const ClassContrast*> both;
  for (const ClassContrast& contrast : classes) {
    if (contrast.has_both()) both.push_back(&contrast);
  }
  if (both.empty()) return "They have no class in common that both were evaluated on.";
  const auto gain = [](const ClassContrast* contrast) { return contrast->f1_gain(); };
  const auto higher = std::ranges::count_if(both, [&](const auto* contrast) { return gain(contrast) > 0.0; });
  const auto lower = std::ranges::count_if(both, [&](const auto* contrast) { return gain(contrast) < 0.0; });
  const auto extreme = [](const ClassContrast* contrast) {
    return absl::StrCat(" (most for ", name(contrast->class_name, 40), ": ", measured(contrast->b->f1),
                        " against ", measured(contrast->a->f1), ")");
  };
  const auto all = static_cast<std::int64_t>(both.size());
  if (higher == 0 && lower == 0)
    return absl::StrCat("The F1 of each of ", counted(all), " classes is the same.");
  return absl::StrCat("Of ", counted(all), " classes B has the higher F1 in ", counted(higher),
                      higher > 0 ? extreme(*std::ranges::max_element(both, {}, gain)) : "",
                      " and the lower in ", counted(lower),
                      lower > 0 ? extreme(*std::ranges::min_element(both, {}, gain)) : "", ".");
}

std::string clips_finding(const Comparison& comparison) {
  const bool is_one =
      comparison.a.evaluation->trials.size() == 1 && comparison.b.evaluation->trials.size() == 1;
  const char* const often = is_one ? "" : " more often";
  return absl::StrCat("Of ", same_clips(comparison), " A alone is right", often, " about ",
                      counted(comparison.difference.broken), " and B alone", often, " about ",
                      counted(comparison.difference.fixed), "; about ", counted(comparison.both_wrong),
                      " neither is ever right.");
}

std::string overlay_finding(const Comparison& comparison) {
  std::vector<std::string> words;
  for (const Side* side : {&comparison.a, &comparison.b}) {
    const auto plateau =
        accuracy_plateau(mean_curve(*side->sweep, side->sweep->cells.front(), "validation/accuracy"));
    if (!plateau) return "There are too few validation accuracies of both to say which learns faster.";
    words.push_back(absl::StrCat(side->letter, "'s (", measured(plateau->best), ") from step ",
                                 counted(std::llround(plateau->step)), " on"));
  }
  return absl::StrCat("Validation accuracy is within half a point of its highest: ", listed(words), ".");
}

std::string times_finding(const Comparison& comparison) {
  return absl::StrCat(time_text(comparison.a), "; ", time_text(comparison.b), ".");
}

}  // namespace melsweep::report

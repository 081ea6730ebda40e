#include "client/report/effects.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"

namespace melsweep::report {
namespace {

using results::StoryCell;
using results::SweepStory;

std::optional<double> mean_of(const StoryCell& cell) {
  return cell.summary.mean;
}

// Objectives by seed and fold.
std::map<std::pair<std::uint64_t, int>, double> objectives_of(const SweepStory& sweep,
                                                              const StoryCell& cell) {
  std::map<std::pair<std::uint64_t, int>, double> objectives;
  for (const std::int64_t number : cell.trials) {
    const auto trial = std::ranges::find(sweep.trials, number, &results::TrialSummary::number);
    if (trial != sweep.trials.end() && trial->objective) {
      objectives[{trial->seed, trial->validation_fold}] = *trial->objective;
    }
  }
  return objectives;
}

void count_pairs(const SweepStory& sweep, const StoryCell& best, const StoryCell& worst, Effect& effect) {
  const auto others = objectives_of(sweep, worst);
  for (const auto& [key, objective] : objectives_of(sweep, best)) {
    const auto other = others.find(key);
    if (other == others.end()) continue;
    ++effect.pairs;
    if (direction(sweep.summary) * (objective - other->second) > 0.0) ++effect.agreed;
    effect.over_folds = effect.over_folds || key.second != 0;
  }
}

// Cells come best first, so that the first one with a value is the best with it.
std::optional<Effect> effect_of(const SweepStory& sweep, const Axis& axis) {
  std::vector<std::pair<const StoryCell*, std::string>> firsts;
  for (const StoryCell& cell : sweep.cells) {
    const std::optional<ParameterValue> value = value_of(cell, axis.name);
    if (!value || !mean_of(cell)) continue;
    const std::string text = to_text(*value);
    if (std::ranges::find(firsts, text, &std::pair<const StoryCell*, std::string>::second) == firsts.end()) {
      firsts.emplace_back(&cell, text);
    }
  }
  if (firsts.size() < 2) return std::nullopt;
  const double sign = direction(sweep.summary);
  const auto by_mean = [sign](const auto& first) { return sign * *mean_of(*first.first); };
  const auto best = std::ranges::max_element(firsts, {}, by_mean);
  const auto worst = std::ranges::min_element(firsts, {}, by_mean);
  Effect effect;
  effect.parameter = axis.name;
  effect.best_value = best->second;
  effect.worst_value = worst->second;
  effect.best = *mean_of(*best->first);
  effect.worst = *mean_of(*worst->first);
  if (best != worst) count_pairs(sweep, *best->first, *worst->first, effect);
  return effect;
}

}  // namespace

std::optional<ParameterValue> value_of(const StoryCell& cell, const std::string& name) {
  for (const Parameter& parameter : cell.summary.parameters) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

std::vector<Axis> axes_of(const SweepStory& sweep) {
  std::vector<Axis> axes;
  for (const ParameterAxis& axis : sweep.spec.parameters) {
    if (axis.values.size() > 1) axes.push_back({.name = axis.name, .values = axis.values});
  }
  return axes;
}

std::vector<Effect> effects_of(const SweepStory& sweep) {
  std::vector<Effect> effects;
  for (const Axis& axis : axes_of(sweep)) {
    if (std::optional<Effect> effect = effect_of(sweep, axis)) effects.push_back(*std::move(effect));
  }
  const double sign = direction(sweep.summary);
  std::ranges::stable_sort(effects, std::ranges::greater(),
                           [sign](const Effect& effect) { return sign * (effect.best - effect.worst); });
  return effects;
}

std::vector<PairedDifference> cell_differences(const SweepStory& sweep) {
  std::vector<const std::vector<results::ClipVerdict>*> verdicts;
  if (!is_accuracy(sweep.summary.objective_metric)) return {};
  for (const StoryCell& cell : sweep.cells) {
    if (cell.verdicts.empty() || !cell.summary.mean) break;
    verdicts.push_back(&cell.verdicts);
  }
  if (verdicts.empty()) return {};
  return differences_to_best(verdicts);
}

std::int64_t ties(const std::vector<PairedDifference>& differences) {
  if (differences.empty()) return 0;
  return std::count_if(differences.begin() + 1, differences.end(),
                       [](const PairedDifference& difference) { return difference.is_tie(); });
}

bool is_accuracy(const std::string& metric) {
  return absl::EndsWith(metric, "accuracy");
}

double direction(const results::SweepSummary& sweep) {
  return sweep.goal == Goal::kMinimize ? -1.0 : 1.0;
}

}  // namespace melsweep::report

#include "client/report/findings.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/report/curves.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

using results::StoryCell;
using results::SweepStory;

// What an objective's mean is over: "4 folds", "3 seeds", "4 folds and 3 seeds".
std::string repeats_text(const SweepStory& sweep, const StoryCell& cell) {
  std::vector<int> folds;
  std::vector<std::uint64_t> seeds;
  for (const results::TrialSummary& trial : sweep.trials) {
    if (std::ranges::find(cell.trials, trial.number) == cell.trials.end() || !trial.objective) continue;
    if (std::ranges::find(folds, trial.validation_fold) == folds.end())
      folds.push_back(trial.validation_fold);
    if (std::ranges::find(seeds, trial.seed) == seeds.end()) seeds.push_back(trial.seed);
  }
  std::vector<std::string> words;
  if (folds.size() > 1) words.push_back(counted(static_cast<std::int64_t>(folds.size()), "fold"));
  if (seeds.size() > 1) words.push_back(counted(static_cast<std::int64_t>(seeds.size()), "seed"));
  return listed(words);
}

// "13.0 points" of accuracies, "0.123" of losses.
std::string difference_text(const SweepStory& sweep, double difference) {
  return is_accuracy(sweep.summary.objective_metric) ? points(difference) : measured(difference);
}

std::string agreement_text(const Effect& effect) {
  if (effect.pairs < 2) return "";
  const char* const what = effect.over_folds ? "fold" : "seed";
  if (effect.agreed == effect.pairs) return absl::StrCat("; all ", effect.pairs, " ", what, "s agree");
  return absl::StrCat("; ", effect.agreed, " of ", effect.pairs, " ", what, "s agree");
}

std::string effect_text(const SweepStory& sweep, const Effect& effect) {
  const std::string names = absl::StrCat(name(effect.parameter), " ", name(effect.best_value));
  if (effect.best == effect.worst) {
    return absl::StrCat("no value of ", name(effect.parameter), " is better than another (",
                        measured(effect.best), ")");
  }
  const double gap = std::abs(effect.best - effect.worst);
  return absl::StrCat(names, " beats ", name(effect.worst_value), " by ", difference_text(sweep, gap), " (",
                      measured(effect.best), " against ", measured(effect.worst), ")",
                      agreement_text(effect));
}

std::string ties_text(const std::vector<PairedDifference>& differences) {
  if (differences.size() < 2) return "";
  const std::int64_t tied = ties(differences);
  const auto others = static_cast<std::int64_t>(differences.size()) - 1;
  if (others == 1) {
    return tied == 0 ? "; clip by clip it is better than the other"
                     : "; clip by clip the other cannot be told from it";
  }
  if (tied == 0) return absl::StrCat("; clip by clip it is better than each of the other ", counted(others));
  return absl::StrCat("; clip by clip ", counted(tied), " of the other ", counted(others),
                      " cannot be told from it");
}

}  // namespace

std::string objective_text(const SweepStory& sweep, const StoryCell& cell) {
  const std::string repeats = repeats_text(sweep, cell);
  std::string text = measured(cell.summary.mean.value_or(std::nan("")));
  if (repeats.empty()) return text;
  absl::StrAppend(&text, ", mean of ", repeats, " (", measured(cell.summary.lowest.value_or(0.0)), " to ",
                  measured(cell.summary.highest.value_or(0.0)), ")");
  return text;
}

std::string unfinished_text(const results::SweepSummary& sweep) {
  const std::string so_far =
      absl::StrCat(counted(sweep.trials_finished), " of ", counted(sweep.trials_total),
                   sweep.trials_total == 1 ? " trial has" : " trials have", " finished");
  switch (sweep.state) {
    case SweepState::kFinished:
      return "";
    case SweepState::kWaiting:
      return absl::StrCat("This sweep has not begun: it waits for ", name(sweep.waits_for), ".");
    case SweepState::kPreparing:
      return "This sweep is being prepared: a worker is looking at the data, and there are no trials yet.";
    case SweepState::kRunning:
      return absl::StrCat("This sweep has not ended: ", so_far, " so far",
                          sweep.paused ? ", and it is paused" : "", ". What is below may change.");
    case SweepState::kFailed:
      return absl::StrCat("This sweep has failed (", name(sweep.reason, 500), "): ", so_far, ".");
    case SweepState::kCancelled:
      return absl::StrCat("This sweep was cancelled: ", so_far, ".");
  }
  return "";
}

std::string sweep_finding(const SweepStory& sweep, const std::vector<PairedDifference>& differences) {
  const std::string metric = metric_text(sweep.summary.objective_metric);
  if (sweep.cells.empty() || sweep.summary.trials_finished == 0) {
    return "No trial has finished yet, so that there is nothing to tell.";
  }
  const StoryCell& best = sweep.cells.front();
  if (!best.summary.mean) {
    return absl::StrCat("No setting has a ", metric, ": of each at least one trial failed or diverged.");
  }
  if (sweep.cells.size() == 1) {
    return absl::StrCat("The one setting reaches a ", metric, " of ", objective_text(sweep, best), ".");
  }
  std::string text = absl::StrCat("Best of ", counted(static_cast<std::int64_t>(sweep.cells.size())),
                                  " settings is ", parameters_text(best.summary.parameters), " with a ",
                                  metric, " of ", objective_text(sweep, best));
  const std::vector<Effect> effects = effects_of(sweep);
  if (!effects.empty()) absl::StrAppend(&text, "; ", effect_text(sweep, effects.front()));
  return absl::StrCat(text, ties_text(differences), ".");
}

const SweepStory* decisive_sweep(const results::Story& story) {
  const SweepStory* decisive = nullptr;
  for (const SweepStory& sweep : story.sweeps) {
    if (sweep.summary.trials_finished == 0) continue;
    const bool is_test = sweep.spec.evaluate == Split::kTest;
    if (decisive == nullptr || is_test || decisive->spec.evaluate != Split::kTest) decisive = &sweep;
  }
  return decisive;
}

std::string overview_finding(const results::Story& story) {
  const SweepStory* const sweep = decisive_sweep(story);
  if (sweep == nullptr) return "No trial has finished yet, so that there is nothing to tell.";
  const std::optional<PooledEvaluation> evaluation = pool(*sweep);
  const StoryCell& best = sweep->cells.front();
  std::string text;
  if (sweep->spec.evaluate == Split::kTest) {
    text = absl::StrCat("The final model reaches a ", metric_text(sweep->summary.objective_metric), " of ",
                        objective_text(*sweep, best));
  } else if (!best.summary.mean) {
    return sweep_finding(*sweep, {});
  } else {
    text = absl::StrCat("The best setting, ", parameters_text(best.summary.parameters), ", reaches a ",
                        metric_text(sweep->summary.objective_metric), " of ", objective_text(*sweep, best));
  }
  if (!evaluation) return absl::StrCat(text, ".");
  const Interval interval = wilson_interval(evaluation->right, evaluation->predictions);
  return absl::StrCat(text, ": ", counted(evaluation->right), " of ",
                      counted(evaluation->predictions, "clip"), " right, 95 % interval ",
                      measured(interval.low), " to ", measured(interval.high), ".");
}

std::string data_finding(const results::StoryData& data) {
  if (!data.known || data.classes.empty()) return "No worker has looked at the data yet.";
  std::vector<std::int64_t> counts;
  double seconds = 0.0;
  for (const results::ClassCounts& counted_class : data.classes) {
    counts.push_back(counted_class.train + counted_class.validation + counted_class.test);
  }
  for (const results::StoryClip& clip : data.clips) seconds += clip.duration_s;
  const std::string begin = absl::StrCat(counted(static_cast<std::int64_t>(data.clips.size()), "clip"),
                                         " of ", counted(static_cast<std::int64_t>(counts.size())),
                                         " classes, ", seconds_text(seconds), " of sound");
  const auto [least, most] = std::ranges::minmax(counts);
  if (least == most) return absl::StrCat(begin, "; every class has ", counted(least, "clip"), ".");
  std::vector<std::int64_t> sorted = counts;
  std::ranges::sort(sorted);
  const std::int64_t median = sorted[sorted.size() / 2];
  std::vector<std::string> rare;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] * 2 <= median + 1) {
      rare.push_back(absl::StrCat(name(data.classes[i].class_name, 40), " (", counted(counts[i]), ")"));
    }
  }
  if (rare.empty() || rare.size() > 5) {
    return absl::StrCat(begin, "; from ", counted(least), " to ", counted(most), " a class.");
  }
  return absl::StrCat(begin, "; ", listed(rare), rare.size() == 1 ? " is" : " are",
                      " rare: at most half of a usual class's ", counted(median), ".");
}

std::string curves_finding(const SweepStory& sweep) {
  if (sweep.cells.empty()) return "";
  const StoryCell& best = sweep.cells.front();
  const std::optional<Plateau> loss = loss_plateau(mean_curve(sweep, best, "validation/loss"));
  const std::optional<Plateau> accuracy = accuracy_plateau(mean_curve(sweep, best, "validation/accuracy"));
  if (!loss || !accuracy) return "";
  std::string text =
      absl::StrCat("With the best setting, validation loss is within 1 % of its lowest value (",
                   measured(loss->best), ") from step ", counted(std::llround(loss->step)),
                   " on, and accuracy within half a point of its "
                   "highest (",
                   measured(accuracy->best), ") from step ", counted(std::llround(accuracy->step)), " on");
  if (loss->best_step == loss->last_step) {
    absl::StrAppend(&text, "; loss still fell at the last step, ", counted(std::llround(loss->last_step)));
  }
  return absl::StrCat(text, ".");
}

std::string classes_finding(const PooledEvaluation& evaluation) {
  const auto by_f1 = [](const ClassMetrics& metrics) { return metrics.f1; };
  const auto hardest = std::ranges::min_element(evaluation.classes, {}, by_f1);
  const auto easiest = std::ranges::max_element(evaluation.classes, {}, by_f1);
  if (hardest->f1 == easiest->f1) {
    return absl::StrCat("All classes are told apart equally well: F1 ", measured(hardest->f1), ".");
  }
  return absl::StrCat(name(hardest->class_name, 40), " is hardest (F1 ", measured(hardest->f1),
                      ", precision ", measured(hardest->precision), ", recall ", measured(hardest->recall),
                      "), ", name(easiest->class_name, 40), " easiest (F1 ", measured(easiest->f1), ").");
}

std::string confusion_finding(const PooledEvaluation& evaluation) {
  std::int64_t most = 0;
  std::size_t truth = 0;
  std::size_t said = 0;
  for (std::size_t i = 0; i < evaluation.confusion.size(); ++i) {
    for (std::size_t j = 0; j < evaluation.confusion.size(); ++j) {
      if (i == j || evaluation.confusion[i][j] <= most) continue;
      most = evaluation.confusion[i][j];
      truth = i;
      said = j;
    }
  }
  if (most == 0) return "No clip was taken for another class.";
  return absl::StrCat("Most often ", name(evaluation.classes[truth].class_name, 40), " is taken for ",
                      name(evaluation.classes[said].class_name, 40), ": ", counted(most), " of ",
                      counted(evaluation.classes[truth].support, "clip"), ".");
}

std::string mistakes_finding(const PooledEvaluation& evaluation) {
  if (evaluation.mistakes.empty()) {
    return absl::StrCat("All ", counted(evaluation.predictions), " ", evaluation.split, " clips are right.");
  }
  const results::StoryPrediction& surest = evaluation.mistakes.front().prediction;
  const auto class_name = [&](int index) {
    return name(evaluation.classes[static_cast<std::size_t>(index)].class_name, 40);
  };
  const auto said = static_cast<std::size_t>(surest.predicted_index);
  return absl::StrCat(
      counted(static_cast<std::int64_t>(evaluation.mistakes.size())), " of ", counted(evaluation.predictions),
      " ", evaluation.split, " clips are taken for another class, most surely a ",
      class_name(surest.true_index), " for a ", class_name(surest.predicted_index), " (probability ",
      measured(said < surest.probabilities.size() ? surest.probabilities[said] : std::nan("")), ").");
}

std::string timing_finding(const results::Story& story) {
  std::int64_t trials = 0;
  std::int64_t reused = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::vector<std::string> groups;
  for (const SweepStory& sweep : story.sweeps) {
    for (const results::StoryRun& run : sweep.runs) {
      ++trials;
      if (run.reused) {
        ++reused;
        continue;
      }
      first = first == 0 ? run.started_ms : std::min(first, run.started_ms);
      last = std::max(last, run.ended_ms);
      if (std::ranges::find(groups, run.group) == groups.end()) groups.push_back(run.group);
    }
  }
  if (trials == 0) return "No trial has finished yet.";
  if (trials == reused) return "Every result was taken over from earlier sweeps; nothing was trained.";
  std::string text = absl::StrCat(counted(trials - reused, "trial"), " ran in ",
                                  seconds_text(static_cast<double>(last - first) / 1000.0));
  const auto turns = static_cast<std::int64_t>(groups.size());
  if (turns < trials - reused) absl::StrAppend(&text, ", fused into ", counted(turns, "group"));
  if (reused > 0) absl::StrAppend(&text, "; ", counted(reused), " more took over earlier results");
  return absl::StrCat(text, ".");
}

std::string honesty_finding(const results::Story& story) {
  std::set<std::string> warnings;  // one of several sweeps is one
  std::int64_t looks = 0;
  std::int64_t skipped = 0;
  for (const SweepStory& sweep : story.sweeps) {
    warnings.insert(sweep.summary.warnings.begin(), sweep.summary.warnings.end());
    skipped = std::max(skipped, sweep.summary.clips_skipped);
    looks = std::max(looks, static_cast<std::int64_t>(sweep.data.test_reads.size()));
  }
  const std::string looked = looks == 0   ? "The test part has not been looked at"
                             : looks == 1 ? "The test part was looked at once"
                                          : absl::StrCat("The test part was looked at ", looks, " times");
  return absl::StrCat(
      looked, "; ",
      skipped == 0 ? "no clip was left out" : absl::StrCat(counted(skipped, "clip"), " left out"), "; ",
      warnings.empty() ? std::string("there are no warnings")
                       : counted(static_cast<std::int64_t>(warnings.size()), "warning"),
      ".");
}

}  // namespace melsweep::report

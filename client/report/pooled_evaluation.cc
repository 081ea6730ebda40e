#include "client/report/pooled_evaluation.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/report/text.h"

namespace melsweep::report {
namespace {

double ratio(std::int64_t part, std::int64_t of) {
  return of == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(of);
}

void add(const results::StoryEvaluation& evaluation, PooledEvaluation& pooled) {
  const std::size_t classes = evaluation.classes.size();
  if (pooled.trials.empty()) {
    pooled.classes = evaluation.classes;
    pooled.confusion.assign(classes, std::vector<std::int64_t>(classes, 0));
  }
  if (pooled.classes.size() != classes) return;
  pooled.trials.push_back(evaluation.trial);
  for (std::size_t truth = 0; truth < classes; ++truth) {
    for (std::size_t said = 0; said < classes; ++said) {
      pooled.confusion[truth][said] += evaluation.confusion[truth][said];
    }
  }
  for (const results::StoryPrediction& prediction : evaluation.predictions) {
    ++pooled.predictions;
    if (prediction.true_index == prediction.predicted_index) {
      ++pooled.right;
    } else {
      pooled.mistakes.push_back({.trial = evaluation.trial, .prediction = prediction});
    }
  }
}

// As melsweep::class_metrics() has it.
void measure_classes(PooledEvaluation& pooled) {
  for (std::size_t i = 0; i < pooled.classes.size(); ++i) {
    ClassMetrics& metrics = pooled.classes[i];
    const std::int64_t right = pooled.confusion[i][i];
    std::int64_t said = 0;
    metrics.support = 0;
    for (std::size_t j = 0; j < pooled.classes.size(); ++j) {
      metrics.support += pooled.confusion[i][j];
      said += pooled.confusion[j][i];
    }
    metrics.precision = ratio(right, said);
    metrics.recall = ratio(right, metrics.support);
    const double sum = metrics.precision + metrics.recall;
    metrics.f1 = sum > 0.0 ? 2.0 * metrics.precision * metrics.recall / sum : 0.0;
  }
}

double sureness(const PooledPrediction& mistake) {
  const auto said = static_cast<std::size_t>(mistake.prediction.predicted_index);
  const std::vector<double>& probabilities = mistake.prediction.probabilities;
  return said < probabilities.size() ? probabilities[said] : 0.0;
}

}  // namespace

double PooledEvaluation::accuracy() const {
  return ratio(right, predictions);
}

std::optional<PooledEvaluation> pool(const results::SweepStory& sweep) {
  PooledEvaluation pooled;
  pooled.split = absl::StartsWith(sweep.summary.objective_metric, "test/") ? "test" : "validation";
  for (const results::StoryEvaluation& evaluation : sweep.evaluations) {
    if (evaluation.split == pooled.split) add(evaluation, pooled);
  }
  if (pooled.trials.empty() || pooled.classes.empty()) return std::nullopt;
  if (pooled.trials.size() > 1) measure_classes(pooled);
  std::ranges::stable_sort(pooled.mistakes, std::ranges::greater(), sureness);
  return pooled;
}

std::string pooled_text(const PooledEvaluation& evaluation) {
  if (evaluation.trials.size() == 1) return absl::StrCat("trial ", evaluation.trials.front());
  return absl::StrCat(counted(static_cast<std::int64_t>(evaluation.trials.size())), " trials together");
}

}  // namespace melsweep::report

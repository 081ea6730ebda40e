#include <cassert>

#include "shared/model/metric.h"

namespace melsweep {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<std::vector<std::int64_t>> confusion_matrix(const Evaluation& evaluation) {
  const std::size_t classes = evaluation.classes.size();
  std::vector<std::vector<std::int64_t>> counts(classes, std::vector<std::int64_t>(classes, 0));
  for (const Prediction& prediction : evaluation.predictions) {
    const auto truth = static_cast<std::size_t>(prediction.true_class);
    const auto predicted = static_cast<std::size_t>(prediction.predicted_class);
    assert(truth < classes && predicted < classes);
    ++counts[truth][predicted];
  }
  return counts;
}

// Not by way of the matrix, which grows with the square of the classes.
std::vector<ClassMetrics> class_metrics(const Evaluation& evaluation) {
  struct Counts {
    std::int64_t support = 0;
    std::int64_t predicted = 0;
    std::int64_t hits = 0;
  };
  std::vector<Counts> counts(evaluation.classes.size());
  for (const Prediction& prediction : evaluation.predictions) {
    const auto truth = static_cast<std::size_t>(prediction.true_class);
    const auto predicted = static_cast<std::size_t>(prediction.predicted_class);
    assert(truth < counts.size() && predicted < counts.size());
    ++counts[truth].support;
    ++counts[predicted].predicted;
    if (truth == predicted) ++counts[truth].hits;
  }
  std::vector<ClassMetrics> metrics;
  metrics.reserve(counts.size());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const double precision = ratio(counts[c].hits, counts[c].predicted);
    const double recall = ratio(counts[c].hits, counts[c].support);
    const double sum = precision + recall;
    metrics.push_back({.class_name = evaluation.classes[c],
                       .precision = precision,
                       .recall = recall,
                       .f1 = sum == 0.0 ? 0.0 : 2.0 * precision * recall / sum,
                       .support = counts[c].support});
  }
  return metrics;
}

}  // namespace melsweep

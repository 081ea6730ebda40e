#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "coordinator/store/record_writer.h"
#include "shared/spec/names.h"

namespace melsweep::store {
namespace {

// A JSON array with the shortest digits that read back as the same float; what is no finite number becomes
// null.
std::string json_array(std::span<const float> numbers) {
  std::string text = "[";
  for (const float number : numbers) {
    if (text.size() > 1) text += ',';
    if (!std::isfinite(number)) {
      text += "null";
      continue;
    }
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text.append(digits.data(), end.ptr);
  }
  return text + "]";
}

void write_classes(Connection& connection, std::int64_t id, const Evaluation& evaluation) {
  int index = 0;
  for (const ClassMetrics& metrics : class_metrics(evaluation)) {
    connection.run(
        "INSERT INTO evaluated_classes (evaluation_id, class_index, class, precision, recall, f1, support)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        id, index++, metrics.class_name, metrics.precision, metrics.recall, metrics.f1, metrics.support);
  }
}

void write_confusion(Connection& connection, std::int64_t id, const Evaluation& evaluation) {
  // Only the pairs that met: the whole matrix of thousands of classes would not fit in memory.
  std::map<std::pair<int, int>, std::int64_t> counts;
  for (const Prediction& prediction : evaluation.predictions) {
    ++counts[{prediction.true_class, prediction.predicted_class}];
  }
  for (const auto& [pair, clips] : counts) {
    connection.run(
        "INSERT INTO confusion_counts (evaluation_id, true_index, predicted_index, clips)"
        " VALUES (?, ?, ?, ?)",
        id, pair.first, pair.second, clips);
  }
}

}  // namespace

void write_record(Connection& connection, const PutEvaluation& write) {
  const Evaluation& evaluation = write.evaluation;
  const std::int64_t trial = write.attempt.trial.value;
  connection.run("DELETE FROM evaluations WHERE trial_id = ? AND epoch = ? AND split = ?", trial,
                 write.attempt.epoch, spec::name_of(evaluation.split));
  connection.run("INSERT INTO evaluations (trial_id, epoch, split, step) VALUES (?, ?, ?, ?)", trial,
                 write.attempt.epoch, spec::name_of(evaluation.split), evaluation.step);
  const std::int64_t id = connection.last_insert_id();
  write_classes(connection, id, evaluation);
  write_confusion(connection, id, evaluation);
  for (const Prediction& prediction : evaluation.predictions) {
    connection.run(
        "INSERT INTO predictions (evaluation_id, clip, true_index, predicted_index, probabilities)"
        " VALUES (?, ?, ?, ?, ?)",
        id, prediction.clip, prediction.true_class, prediction.predicted_class,
        json_array(prediction.probabilities));
  }
}

}  // namespace melsweep::store

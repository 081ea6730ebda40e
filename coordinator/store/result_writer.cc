// What goes with the result of a trial, and the result of one trial given to another.
#include "coordinator/store/record_writer.h"

namespace melsweep::store {

void write_record(Connection& connection, const PutStages& write) {
  for (const StageTime& stage : write.stages) {
    connection.run(
        "INSERT INTO attempt_stages (trial_id, epoch, stage, seconds, made, found) VALUES (?, ?, ?, ?, ?, ?)",
        write.attempt.trial.value, write.attempt.epoch, stage.stage, stage.seconds, stage.made, stage.found);
  }
}

void write_record(Connection& connection, const CopyResult& write) {
  const std::int64_t trial = write.attempt.trial.value;
  const std::int64_t source = write.source.trial.value;
  connection.run(
      "INSERT INTO metrics (trial_id, epoch, name_id, step, value)"
      " SELECT ?, ?, name_id, step, value FROM metrics WHERE trial_id = ? AND epoch = ?",
      trial, write.attempt.epoch, source, write.source.epoch);
  connection.run(
      "INSERT INTO evaluations (trial_id, epoch, split, step)"
      " SELECT ?, ?, split, step FROM evaluations WHERE trial_id = ? AND epoch = ?",
      trial, write.attempt.epoch, source, write.source.epoch);
  // Each evaluation's parts, by its split.
  constexpr std::string_view kParts[] = {
      "INSERT INTO evaluated_classes (evaluation_id, class_index, class, precision, recall, f1, support)"
      " SELECT n.id, p.class_index, p.class, p.precision, p.recall, p.f1, p.support FROM evaluations n"
      " JOIN evaluations o ON o.split = n.split AND o.trial_id = ? AND o.epoch = ?"
      " JOIN evaluated_classes p ON p.evaluation_id = o.id WHERE n.trial_id = ? AND n.epoch = ?",
      "INSERT INTO confusion_counts (evaluation_id, true_index, predicted_index, clips)"
      " SELECT n.id, p.true_index, p.predicted_index, p.clips FROM evaluations n"
      " JOIN evaluations o ON o.split = n.split AND o.trial_id = ? AND o.epoch = ?"
      " JOIN confusion_counts p ON p.evaluation_id = o.id WHERE n.trial_id = ? AND n.epoch = ?",
      "INSERT INTO predictions (evaluation_id, clip, true_index, predicted_index, probabilities)"
      " SELECT n.id, p.clip, p.true_index, p.predicted_index, p.probabilities FROM evaluations n"
      " JOIN evaluations o ON o.split = n.split AND o.trial_id = ? AND o.epoch = ?"
      " JOIN predictions p ON p.evaluation_id = o.id WHERE n.trial_id = ? AND n.epoch = ?"};
  for (const std::string_view part : kParts) {
    connection.run(part, source, write.source.epoch, trial, write.attempt.epoch);
  }
}

}  // namespace melsweep::store

#include <string>

#include "coordinator/store/record_writer.h"
#include "shared/spec/names.h"

namespace melsweep::store {
namespace {

void write_clip(Connection& connection, SweepId sweep, const Clip& clip) {
  connection.run(
      "INSERT INTO clips (sweep_id, clip, class_index, recording, fold, split, sample_rate, channels, "
      "duration_s,"
      " content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      sweep.value, clip.id, clip.class_index, clip.group, clip.fold, spec::name_of(clip.split),
      clip.sample_rate, clip.channels, clip.duration_s, clip.content_hash);
}

}  // namespace

void write_record(Connection& connection, const PutDataset& write) {
  const std::int64_t sweep = write.sweep.value;
  const DatasetReport& report = write.report;
  connection.run("DELETE FROM clips WHERE sweep_id = ?", sweep);  // before the classes that they refer to
  connection.run("DELETE FROM datasets WHERE sweep_id = ?", sweep);
  connection.run(
      "INSERT INTO datasets (sweep_id, content_hash, trainer, clips, clips_skipped) VALUES (?, ?, ?, ?, ?)",
      sweep, report.content_hash, report.trainer, static_cast<std::int64_t>(report.clips.size()),
      static_cast<std::int64_t>(report.skipped.size()));
  for (const auto& [weights, hash] : report.weights_hashes) {
    connection.run("INSERT INTO dataset_weights (sweep_id, weights, weights_hash) VALUES (?, ?, ?)", sweep,
                   weights, hash);
  }
  int index = 0;
  for (const std::string& name : report.classes) {
    connection.run("INSERT INTO dataset_classes (sweep_id, class_index, class) VALUES (?, ?, ?)", sweep,
                   index++, name);
  }
  for (const Clip& clip : report.clips) write_clip(connection, write.sweep, clip);
  index = 0;
  for (const int fold : report.validation_folds) {
    connection.run("INSERT INTO validation_folds (sweep_id, position, fold) VALUES (?, ?, ?)", sweep, index++,
                   fold);
  }
  index = 0;
  for (const BadClip& clip : report.skipped) {
    connection.run("INSERT INTO skipped_clips (sweep_id, position, clip, reason) VALUES (?, ?, ?, ?)", sweep,
                   index++, clip.id, clip.reason);
  }
  index = 0;
  for (const std::string& message : report.warnings) {
    connection.run("INSERT INTO warnings (sweep_id, position, message) VALUES (?, ?, ?)", sweep, index++,
                   message);
  }
}

void write_record(Connection& connection, const AddWarning& write) {
  connection.run(
      "INSERT INTO warnings (sweep_id, position, message)"
      " SELECT ?1, (SELECT coalesce(max(position) + 1, 0) FROM warnings WHERE sweep_id = ?1), ?2",
      write.sweep.value, write.message);
}

}  // namespace melsweep::store

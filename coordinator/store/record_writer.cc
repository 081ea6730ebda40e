#include "coordinator/store/record_writer.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "SQLiteCpp/Exception.h"
#include "shared/results/labels.h"
#include "shared/spec/names.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::store {
namespace {

// 0 = none
std::optional<std::int64_t> number(std::int64_t value) {
  return value == 0 ? std::nullopt : std::optional(value);
}

void write_takings(Connection& connection, const SweepRecord& sweep) {
  if (sweep.study.sources.empty()) return;
  connection.run("DELETE FROM takings WHERE sweep_id = ?", sweep.id.value);
  for (std::size_t i = 0; i < sweep.study.sources.size(); ++i) {
    const TakingSource& source = sweep.study.sources[i];
    connection.run(
        "INSERT INTO takings (sweep_id, position, from_sweep_id, fields, from_trial) VALUES (?, ?, ?, ?, ?)",
        sweep.id.value, static_cast<std::int64_t>(i), source.sweep.value,
        nlohmann::json(sweep.spec.takes[i].fields).dump(), number(source.trial));
  }
}

}  // namespace

void write_record(Connection& connection, const PutSweep& write) {
  const SweepRecord& sweep = write.sweep;
  connection.run(
      "INSERT INTO sweeps (id, name, state, paused, reason, objective_metric, goal, yaml, spec, request,"
      " created_ms, finished_ms, study, study_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, paused = "
      "excluded.paused,"
      " reason = excluded.reason,"
      " objective_metric = excluded.objective_metric, goal = excluded.goal, yaml = excluded.yaml,"
      " spec = excluded.spec, request = excluded.request, created_ms = excluded.created_ms,"
      " finished_ms = excluded.finished_ms, study = excluded.study, study_id = excluded.study_id",
      sweep.id.value, sweep.spec.name, spec::name_of(sweep.state), sweep.paused ? 1 : 0, sweep.reason,
      sweep.spec.objective.metric, spec::name_of(sweep.spec.objective.goal), sweep.yaml,
      spec::to_yaml(sweep.spec), sweep.request.value, sweep.created_ms, moment(sweep.finished_ms),
      sweep.study.study, number(sweep.study.first.value));
  write_takings(connection, sweep);
}

void write_record(Connection& connection, const PutSweepPaused& write) {
  const int changed = connection.run("UPDATE sweeps SET paused = ? WHERE id = ?", write.sweep.paused ? 1 : 0,
                                     write.sweep.id.value);
  if (changed == 0) throw SQLite::Exception("the sweep is unknown", SQLITE_CONSTRAINT);
}

void write_record(Connection& connection, const PutSweepAction& write) {
  const SweepActionRecord& action = write.action;
  connection.run("INSERT INTO sweep_actions (sweep_id, action, request, at_ms) VALUES (?, ?, ?, ?)",
                 action.sweep.value, spec::name_of(action.action), action.request.value, action.at_ms);
}

void write_record(Connection& connection, const PutAttempt& write) {
  const AttemptRecord& attempt = write.attempt;
  std::optional<std::string_view> failure_kind;
  std::optional<std::string> failure;
  if (attempt.failure) {
    failure_kind = spec::name_of(attempt.failure->kind);
    failure = attempt.failure->message;
  }
  std::optional<std::int64_t> checkpoint_step;
  std::optional<std::string> checkpoint;
  std::optional<std::string> checkpoint_sha256;
  if (attempt.checkpoint) {
    checkpoint_step = attempt.checkpoint->step;
    checkpoint = attempt.checkpoint->path;
    checkpoint_sha256 = attempt.checkpoint->sha256;
  }
  std::optional<std::string_view> release_reason;
  if (attempt.release_reason) release_reason = spec::name_of(*attempt.release_reason);
  std::optional<std::int32_t> resumed_from_epoch;
  std::optional<std::int64_t> resumed_from_step;
  if (attempt.resumed_from) {
    resumed_from_epoch = attempt.resumed_from->epoch;
    resumed_from_step = attempt.resumed_from->step;
  }
  connection.run(
      "INSERT INTO attempts (trial_id, epoch, worker_id, request, state, failure_kind, failure,"
      " checkpoint_step, checkpoint, checkpoint_sha256, release_reason, resumed_from_epoch,"
      " resumed_from_step, started_ms, ended_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (trial_id, epoch) DO UPDATE SET worker_id = excluded.worker_id, request = "
      "excluded.request,"
      " state = excluded.state, failure_kind = excluded.failure_kind, failure = excluded.failure,"
      " checkpoint_step = excluded.checkpoint_step, checkpoint = excluded.checkpoint,"
      " checkpoint_sha256 = excluded.checkpoint_sha256, release_reason = excluded.release_reason,"
      " resumed_from_epoch = excluded.resumed_from_epoch,"
      " resumed_from_step = excluded.resumed_from_step, started_ms = excluded.started_ms,"
      " ended_ms = excluded.ended_ms",
      attempt.ref.trial.value, attempt.ref.epoch, attempt.worker.value, attempt.request.value,
      spec::name_of(attempt.state), failure_kind, failure, checkpoint_step, checkpoint, checkpoint_sha256,
      release_reason, resumed_from_epoch, resumed_from_step, attempt.started_ms, moment(attempt.ended_ms));
}

void write_record(Connection& connection, const PutCheckpoint& write) {
  const auto& [attempt, checkpoint] = write.checkpoint;
  connection.run(
      "INSERT INTO checkpoints (trial_id, epoch, step, path, sha256) VALUES (?, ?, ?, ?, ?)"
      " ON CONFLICT DO UPDATE SET path = excluded.path, sha256 = excluded.sha256",
      attempt.trial.value, attempt.epoch, checkpoint.step, checkpoint.path, checkpoint.sha256);
}

void write_record(Connection& connection, const DropCheckpoint& write) {
  connection.run("DELETE FROM checkpoints WHERE trial_id = ? AND epoch = ? AND step = ?",
                 write.attempt.trial.value, write.attempt.epoch, write.step);
}

void write_record(Connection& connection, const PutWorker& write) {
  const WorkerRecord& worker = write.worker;
  connection.run(
      "INSERT INTO workers (id, host, device, registered_ms, draining, gpus, gpu_memory, cpus, labels)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET host = excluded.host, device = excluded.device,"
      " registered_ms = excluded.registered_ms, draining = excluded.draining, gpus = excluded.gpus,"
      " gpu_memory = excluded.gpu_memory, cpus = excluded.cpus, labels = excluded.labels",
      worker.id.value, worker.host, worker.device, worker.registered_ms, worker.draining ? 1 : 0,
      worker.resources.gpus, worker.resources.gpu_memory.bytes, worker.resources.cpus,
      results::labels_text(worker.resources.labels));
}

void write_record(Connection& connection, const PutPreparation& write) {
  const PreparationRecord& preparation = write.preparation;
  std::optional<std::string> worker;
  if (!preparation.worker.value.empty()) worker = preparation.worker.value;
  connection.run(
      "INSERT INTO preparations (sweep_id, epoch, failed_attempts, worker_id, request, state)"
      " VALUES (?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (sweep_id) DO UPDATE SET epoch = excluded.epoch, failed_attempts = "
      "excluded.failed_attempts,"
      " worker_id = excluded.worker_id, request = excluded.request, state = excluded.state",
      preparation.sweep.value, preparation.epoch, preparation.failed_attempts, worker,
      preparation.request.value, spec::name_of(preparation.state));
}

void write_record(Connection& connection, const InheritMetrics& write) {
  connection.run(
      "INSERT INTO metrics (trial_id, epoch, name_id, step, value)"
      " SELECT trial_id, ?, name_id, step, value FROM metrics WHERE trial_id = ? AND epoch = ? AND step < ?"
      " ON CONFLICT DO NOTHING",
      write.attempt.epoch, write.attempt.trial.value, write.from.epoch, write.from.step);
}

}  // namespace melsweep::store

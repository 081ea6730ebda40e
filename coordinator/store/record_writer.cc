#include "coordinator/store/record_writer.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "shared/spec/names.h"
#include "shared/spec/settings_json.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::store {
namespace {

// 0 stands for "not yet" in records, NULL in the database.
std::optional<std::int64_t> moment(std::int64_t milliseconds) {
  if (milliseconds == 0) return std::nullopt;
  return milliseconds;
}

struct WriteParameterValue {
  Connection& connection;
  TrialId trial;
  int position;
  const Parameter& parameter;

  void operator()(std::int64_t number) const { write("integer", number); }
  void operator()(double number) const { write("real", number); }
  void operator()(bool truth) const { write("boolean", truth ? 1 : 0); }
  void operator()(const std::string& text) const { write("text", text); }

  template <class Value>
  void write(std::string_view kind, const Value& value) const {
    connection.run(
        "INSERT INTO parameters (trial_id, position, name, kind, value, text) VALUES (?, ?, ?, ?, ?, ?)",
        trial.value, position, parameter.name, kind, value, to_text(parameter.value));
  }
};

}  // namespace

void write_record(Connection& connection, const PutSweep& write) {
  const SweepRecord& sweep = write.sweep;
  connection.run(
      "INSERT INTO sweeps (id, name, state, reason, objective_metric, goal, yaml, spec, request, created_ms,"
      " finished_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET name = excluded.name, state = excluded.state, reason = "
      "excluded.reason,"
      " objective_metric = excluded.objective_metric, goal = excluded.goal, yaml = excluded.yaml,"
      " spec = excluded.spec, request = excluded.request, created_ms = excluded.created_ms,"
      " finished_ms = excluded.finished_ms",
      sweep.id.value, sweep.spec.name, spec::name_of(sweep.state), sweep.reason, sweep.spec.objective.metric,
      spec::name_of(sweep.spec.objective.goal), sweep.yaml, spec::to_yaml(sweep.spec), sweep.request.value,
      sweep.created_ms, moment(sweep.finished_ms));
}

void write_record(Connection& connection, const PutTrial& write) {
  const TrialRecord& trial = write.trial;
  connection.run(
      "INSERT INTO trials (id, sweep_id, number, cell, seed, validation_fold, settings, state, epoch,"
      " failed_attempts, objective, created_ms, finished_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET sweep_id = excluded.sweep_id, number = excluded.number,"
      " cell = excluded.cell, seed = excluded.seed, validation_fold = excluded.validation_fold,"
      " settings = excluded.settings, state = excluded.state, epoch = excluded.epoch,"
      " failed_attempts = excluded.failed_attempts, objective = excluded.objective,"
      " created_ms = excluded.created_ms, finished_ms = excluded.finished_ms",
      trial.id.value, trial.sweep.value, trial.number, trial.cell.index,
      static_cast<std::int64_t>(trial.seed), trial.validation_fold, spec::to_json(trial.cell.settings).dump(),
      spec::name_of(trial.state), trial.epoch, trial.failed_attempts, trial.objective, trial.created_ms,
      moment(trial.finished_ms));
  connection.run("DELETE FROM parameters WHERE trial_id = ?", trial.id.value);
  int position = 0;
  for (const Parameter& parameter : trial.cell.parameters) {
    std::visit(WriteParameterValue{connection, trial.id, position, parameter}, parameter.value);
    ++position;
  }
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
  connection.run(
      "INSERT INTO attempts (trial_id, epoch, worker_id, request, state, failure_kind, failure, "
      "checkpoint_step,"
      " checkpoint, checkpoint_sha256, started_ms, ended_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (trial_id, epoch) DO UPDATE SET worker_id = excluded.worker_id, request = "
      "excluded.request,"
      " state = excluded.state, failure_kind = excluded.failure_kind, failure = excluded.failure,"
      " checkpoint_step = excluded.checkpoint_step, checkpoint = excluded.checkpoint,"
      " checkpoint_sha256 = excluded.checkpoint_sha256, started_ms = excluded.started_ms,"
      " ended_ms = excluded.ended_ms",
      attempt.ref.trial.value, attempt.ref.epoch, attempt.worker.value, attempt.request.value,
      spec::name_of(attempt.state), failure_kind, failure, checkpoint_step, checkpoint, checkpoint_sha256,
      attempt.started_ms, moment(attempt.ended_ms));
}

void write_record(Connection& connection, const PutWorker& write) {
  const WorkerRecord& worker = write.worker;
  connection.run(
      "INSERT INTO workers (id, host, device, registered_ms) VALUES (?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET host = excluded.host, device = excluded.device,"
      " registered_ms = excluded.registered_ms",
      worker.id.value, worker.host, worker.device, worker.registered_ms);
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

void write_record(Connection& connection, const AddMetrics& write) {
  std::set<std::string_view> names;
  for (const MetricPoint& point : write.points) {
    if (names.insert(point.name).second) {
      connection.run("INSERT INTO metric_names (name) VALUES (?) ON CONFLICT DO NOTHING", point.name);
    }
    connection.run(
        "INSERT INTO metrics (trial_id, epoch, name_id, step, value)"
        " VALUES (?, ?, (SELECT id FROM metric_names WHERE name = ?), ?, ?) ON CONFLICT DO NOTHING",
        write.attempt.trial.value, write.attempt.epoch, point.name, point.step, point.value);
  }
}

}  // namespace melsweep::store

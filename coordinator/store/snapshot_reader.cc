#include "coordinator/store/snapshot_reader.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/labels.h"
#include "shared/results/parameter_rows.h"
#include "shared/results/row.h"
#include "shared/spec/settings_json.h"
#include "shared/spec/sweep_yaml.h"

namespace melsweep::store {
namespace {

using results::Row;

bool is_open(const SweepRecord& sweep) {
  return !has_ended(sweep.state);
}

absl::StatusOr<SweepSpec> parse_spec(const std::string& text, SweepId sweep) {
  const std::string source = absl::StrCat("sweep ", sweep.value);
  spec::ParseResult parsed = spec::parse_stored_sweep(text, source);
  if (const auto* problems = std::get_if<std::vector<spec::Problem>>(&parsed)) {
    return absl::DataLossError(absl::StrCat("the specification in the database cannot be read: ",
                                            problems->empty() ? source : problems->front().to_string()));
  }
  return std::get<SweepSpec>(std::move(parsed));
}

std::vector<TakingSource> read_sources(SQLite::Database& database, SweepId sweep) {
  SQLite::Statement select(
      database, "SELECT from_sweep_id, from_trial FROM takings WHERE sweep_id = ? ORDER BY position");
  select.bind(1, sweep.value);
  std::vector<TakingSource> sources;
  while (select.executeStep()) {
    Row row(select);
    TakingSource source;
    source.sweep = SweepId{row.integer()};
    source.trial = row.integer();  // NULL reads as 0
    sources.push_back(source);
  }
  return sources;
}

absl::Status read_sweeps(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(database,
                           "SELECT id, name, objective_metric, goal, request, state, paused, reason, "
                           "created_ms, finished_ms, study, study_id, spec, yaml"
                           " FROM sweeps ORDER BY id");
  while (select.executeStep()) {
    Row row(select);
    SweepRecord sweep;
    sweep.id = SweepId{row.integer()};
    sweep.spec.name = row.text();
    sweep.spec.objective.metric = row.text();
    sweep.spec.objective.goal = row.enumerator<Goal>();
    sweep.request = RequestId{row.text()};
    sweep.state = row.enumerator<SweepState>();
    sweep.paused = row.integer() != 0;
    sweep.reason = row.text();
    sweep.created_ms = row.integer();
    sweep.finished_ms = row.integer();  // NULL reads as 0
    sweep.study.study = row.text();
    sweep.study.first = SweepId{row.integer()};
    if (is_open(sweep)) {
      absl::StatusOr<SweepSpec> spec = parse_spec(row.text(), sweep.id);
      if (!spec.ok()) return spec.status();
      sweep.spec = *std::move(spec);
      sweep.yaml = row.text();
      sweep.study.sources = read_sources(database, sweep.id);
    }
    snapshot.sweeps.push_back(std::move(sweep));
  }
  return absl::OkStatus();
}

void read_actions(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(
      database,
      "SELECT a.sweep_id, a.action, a.request, a.at_ms FROM sweep_actions a"
      " JOIN sweeps s ON s.id = a.sweep_id WHERE s.state NOT IN ('finished', 'failed', 'cancelled')"
      " ORDER BY a.id");
  while (select.executeStep()) {
    Row row(select);
    SweepActionRecord action;
    action.sweep = SweepId{row.integer()};
    action.action = row.enumerator<SweepAction>();
    action.request = RequestId{row.text()};
    action.at_ms = row.integer();
    snapshot.actions.push_back(std::move(action));
  }
}

std::unordered_set<SweepId> open_sweeps(const Snapshot& snapshot) {
  std::unordered_set<SweepId> open;
  for (const SweepRecord& sweep : snapshot.sweeps) {
    if (is_open(sweep)) open.insert(sweep.id);
  }
  return open;
}

// Parses the settings of one trial after the other. Those of a cell come together and are the same, so most
// texts are the last one again.
class SettingsReader {
 public:
  absl::StatusOr<TrialSettings> read(std::string text) {
    if (text == text_) return settings_;
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    absl::StatusOr<TrialSettings> settings = spec::settings_from_json(json);
    if (!settings.ok()) return settings.status();
    text_ = std::move(text);
    settings_ = *std::move(settings);
    return settings_;
  }

 private:
  std::string text_;
  TrialSettings settings_;
};

absl::Status read_trials(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(database,
                           "SELECT id, sweep_id, number, cell, seed, validation_fold, state, epoch,"
                           " failed_attempts, objective, key, reused_from, created_ms, finished_ms, settings"
                           " FROM trials"
                           " ORDER BY id");
  const std::unordered_set<SweepId> open = open_sweeps(snapshot);
  results::ParameterRows parameters(database);
  SettingsReader settings_reader;
  while (select.executeStep()) {
    Row row(select);
    TrialRecord trial;
    trial.id = TrialId{row.integer()};
    trial.sweep = SweepId{row.integer()};
    trial.number = row.integer();
    trial.cell.index = row.integer();
    trial.seed = static_cast<std::uint64_t>(row.integer());
    trial.validation_fold = row.small();
    trial.state = row.enumerator<TrialState>();
    trial.epoch = row.small();
    trial.failed_attempts = row.small();
    trial.objective = row.optional_real();
    trial.key = row.text();
    trial.reused_from = TrialId{row.integer()};  // NULL reads as 0
    trial.created_ms = row.integer();
    trial.finished_ms = row.integer();
    if (open.contains(trial.sweep)) {
      absl::StatusOr<TrialSettings> settings = settings_reader.read(row.text());
      if (!settings.ok()) {
        return absl::DataLossError(
            absl::StrCat("the settings of trial ", trial.id.value,
                         " in the database cannot be read: ", settings.status().message()));
      }
      trial.cell.settings = *std::move(settings);
      trial.cell.parameters = parameters.of(trial.id);
    }
    snapshot.trials.push_back(std::move(trial));
  }
  return absl::OkStatus();
}

std::optional<Failure> read_failure(Row& row) {
  if (row.is_null()) {
    row.skip(2);
    return std::nullopt;
  }
  Failure failure;
  failure.kind = row.enumerator<FailureKind>();
  failure.message = row.text();
  return failure;
}

std::optional<Checkpoint> read_checkpoint(Row& row) {
  if (row.is_null()) {
    row.skip(3);
    return std::nullopt;
  }
  Checkpoint checkpoint;
  checkpoint.step = row.integer();
  checkpoint.path = row.text();
  checkpoint.sha256 = row.text();
  return checkpoint;
}

std::optional<ReleaseReason> read_release_reason(Row& row) {
  if (row.is_null()) {
    row.skip(1);
    return std::nullopt;
  }
  return row.enumerator<ReleaseReason>();
}

std::optional<ResumePoint> read_resume_point(Row& row) {
  if (row.is_null()) {
    row.skip(2);
    return std::nullopt;
  }
  ResumePoint from;
  from.epoch = row.small();
  from.step = row.integer();
  return from;
}

void read_attempts(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(
      database,
      "SELECT trial_id, epoch, worker_id, request, state, failure_kind, failure,"
      " checkpoint_step, checkpoint, checkpoint_sha256, release_reason, resumed_from_epoch,"
      " resumed_from_step, started_ms, ended_ms FROM attempts"
      " ORDER BY trial_id, epoch");
  while (select.executeStep()) {
    Row row(select);
    AttemptRecord attempt;
    attempt.ref.trial = TrialId{row.integer()};
    attempt.ref.epoch = row.small();
    attempt.worker = WorkerId{row.text()};
    attempt.request = RequestId{row.text()};
    attempt.state = row.enumerator<AttemptState>();
    attempt.failure = read_failure(row);
    attempt.checkpoint = read_checkpoint(row);
    attempt.release_reason = read_release_reason(row);
    attempt.resumed_from = read_resume_point(row);
    attempt.started_ms = row.integer();
    attempt.ended_ms = row.integer();
    snapshot.attempts.push_back(std::move(attempt));
  }
}

void read_checkpoints(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(database,
                           "SELECT trial_id, epoch, step, path, sha256 FROM checkpoints ORDER BY 1, 2, 3");
  while (select.executeStep()) {
    Row row(select);
    CheckpointRecord record;
    record.attempt.trial = TrialId{row.integer()};
    record.attempt.epoch = row.small();
    record.checkpoint.step = row.integer();
    record.checkpoint.path = row.text();
    record.checkpoint.sha256 = row.text();
    snapshot.checkpoints.push_back(std::move(record));
  }
}

void read_workers(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(database,
                           "SELECT id, host, device, registered_ms, draining, gpus, gpu_memory, cpus, labels"
                           " FROM workers ORDER BY id");
  while (select.executeStep()) {
    Row row(select);
    WorkerRecord worker;
    worker.id = WorkerId{row.text()};
    worker.host = row.text();
    worker.device = row.text();
    worker.registered_ms = row.integer();
    worker.draining = row.integer() != 0;
    worker.resources.gpus = row.small();
    worker.resources.gpu_memory = {row.integer()};
    worker.resources.cpus = row.small();
    worker.resources.labels = results::labels_of(row.text());
    snapshot.workers.push_back(std::move(worker));
  }
}

// One column of the rows that belong to a sweep.
template <class Value, class Read>
std::vector<Value> read_list(SQLite::Database& database, const char* sql, SweepId sweep, Read read) {
  SQLite::Statement select(database, sql);
  select.bind(1, sweep.value);
  std::vector<Value> values;
  while (select.executeStep()) {
    Row row(select);
    values.push_back(read(row));
  }
  return values;
}

void read_datasets(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(database,
                           "SELECT sweep_id, content_hash, trainer FROM datasets ORDER BY sweep_id");
  const auto text = [](Row& row) { return row.text(); };
  const auto number = [](Row& row) { return row.small(); };
  while (select.executeStep()) {
    Row row(select);
    Snapshot::Prepared prepared;
    prepared.sweep = SweepId{row.integer()};
    prepared.report.content_hash = row.text();
    prepared.report.trainer = row.text();
    for (auto& [weights, hash] : read_list<std::pair<std::string, std::string>>(
             database, "SELECT weights, weights_hash FROM dataset_weights WHERE sweep_id = ?", prepared.sweep,
             [](Row& of) {
               std::string weights = of.text();
               return std::pair(std::move(weights), of.text());
             })) {
      prepared.report.weights_hashes.emplace(std::move(weights), std::move(hash));
    }
    prepared.report.classes = read_list<std::string>(
        database, "SELECT class FROM dataset_classes WHERE sweep_id = ? ORDER BY class_index", prepared.sweep,
        text);
    prepared.report.validation_folds =
        read_list<int>(database, "SELECT fold FROM validation_folds WHERE sweep_id = ? ORDER BY position",
                       prepared.sweep, number);
    prepared.report.warnings = read_list<std::string>(
        database, "SELECT message FROM warnings WHERE sweep_id = ? ORDER BY position", prepared.sweep, text);
    snapshot.datasets.push_back(std::move(prepared));
  }
}

void read_preparations(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(
      database,
      "SELECT sweep_id, epoch, failed_attempts, worker_id, request, state FROM preparations"
      " ORDER BY sweep_id");
  while (select.executeStep()) {
    Row row(select);
    PreparationRecord preparation;
    preparation.sweep = SweepId{row.integer()};
    preparation.epoch = row.small();
    preparation.failed_attempts = row.small();
    preparation.worker = WorkerId{row.text()};  // NULL reads as empty
    preparation.request = RequestId{row.text()};
    preparation.state = row.enumerator<AttemptState>();
    snapshot.preparations.push_back(std::move(preparation));
  }
}

void read_objectives(SQLite::Database& database, Snapshot& snapshot) {
  SQLite::Statement select(
      database,
      "SELECT a.trial_id, a.epoch, m.step, n.name, m.value FROM attempts a"
      " JOIN trials t ON t.id = a.trial_id JOIN sweeps s ON s.id = t.sweep_id"
      " JOIN metric_names n ON n.name = s.objective_metric"
      " JOIN metrics m ON m.trial_id = a.trial_id AND m.epoch = a.epoch AND m.name_id = n.id"
      " AND m.step = (SELECT max(step) FROM metrics WHERE trial_id = a.trial_id"
      " AND epoch = a.epoch AND name_id = n.id)"
      " AND m.step >= coalesce(a.resumed_from_step, m.step)"
      " WHERE a.state = 'running' ORDER BY a.trial_id, a.epoch");
  while (select.executeStep()) {
    Row row(select);
    Snapshot::ObjectivePoint objective;
    objective.attempt.trial = TrialId{row.integer()};
    objective.attempt.epoch = row.small();
    objective.point.step = row.integer();
    objective.point.name = row.text();
    objective.point.value = row.optional_real().value_or(std::numeric_limits<double>::quiet_NaN());
    snapshot.objectives.push_back(std::move(objective));
  }
}

}  // namespace

absl::StatusOr<Snapshot> read_snapshot(SQLite::Database& database) {
  SQLite::Transaction transaction(database);
  Snapshot snapshot;
  snapshot.store.value = database.execAndGet("SELECT id FROM database_identity").getString();
  if (absl::Status status = read_sweeps(database, snapshot); !status.ok()) return status;
  read_actions(database, snapshot);
  if (absl::Status status = read_trials(database, snapshot); !status.ok()) return status;
  read_attempts(database, snapshot);
  read_checkpoints(database, snapshot);
  read_workers(database, snapshot);
  read_datasets(database, snapshot);
  read_preparations(database, snapshot);
  read_objectives(database, snapshot);
  transaction.commit();
  return snapshot;
}

}  // namespace melsweep::store

#include "coordinator/store/memory_store.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/store/outline.h"
#include "coordinator/store/write_checks.h"

namespace melsweep::store {

std::vector<MetricPoint> MemoryStore::metrics_of(const State& state, const AttemptRef& attempt) {
  std::vector<MetricPoint> points;
  const std::tuple first(attempt, std::string(), std::numeric_limits<std::int64_t>::min());
  for (auto entry = state.metrics.lower_bound(first); entry != state.metrics.end(); ++entry) {
    const auto& [owner, name, step] = entry->first;
    if (owner != attempt) break;
    points.push_back({.step = step, .name = name, .value = entry->second});
  }
  return points;
}

// Applies writes with the constraints that the database has on its tables, and takes them back unless
// committed.
struct MemoryStore::Transaction {
  explicit Transaction(State& state) : state(state) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    for (auto step = undo.rbegin(); step != undo.rend(); ++step) (*step)();
  }

  void commit() { undo.clear(); }

  static absl::Status refuse(const std::string& message) { return absl::FailedPreconditionError(message); }

  // Call before every change of an entry.
  template <class Map>
  void remember(Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    if (found == map.end()) {
      undo.push_back([&map, key] { map.erase(key); });
    } else {
      undo.push_back([&map, key, old = found->second] { map.insert_or_assign(key, old); });
    }
  }

  template <class Map>
  void put(Map& map, const typename Map::key_type& key, const typename Map::mapped_type& value) {
    remember(map, key);
    map.insert_or_assign(key, value);
  }

  absl::Status operator()(const PutSweep& write) {
    for (const auto& [id, other] : state.sweeps) {
      if (id != write.sweep.id && !other.request.value.empty() && other.request == write.sweep.request) {
        return refuse(absl::StrCat("request '", other.request.value, "' made sweep ", id.value, " already"));
      }
    }
    for (const TakingSource& source : write.sweep.study.sources) {
      if (!state.sweeps.contains(source.sweep)) return refuse("a sweep that is taken from is unknown");
    }
    put(state.sweeps, write.sweep.id, write.sweep);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutSweepPaused& write) {
    const auto known = state.sweeps.find(write.sweep.id);
    if (known == state.sweeps.end()) return refuse("the sweep is unknown");
    remember(state.sweeps, write.sweep.id);
    known->second.paused = write.sweep.paused;
    return absl::OkStatus();
  }

  absl::Status operator()(const PutSweepAction& write) {
    const SweepActionRecord& action = write.action;
    if (!state.sweeps.contains(action.sweep)) return refuse("the action's sweep is unknown");
    for (const auto& [number, other] : state.actions) {
      if (other.sweep == action.sweep && other.request == action.request) {
        return refuse(absl::StrCat("request '", action.request.value, "' was recorded already"));
      }
    }
    put(state.actions, state.actions.size(), action);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutTrial& write) {
    TrialRecord trial = write.trial;
    if (!state.sweeps.contains(trial.sweep)) return refuse("the trial's sweep is unknown");
    const std::pair number(trial.sweep, trial.number);
    const auto holder = state.trial_numbers.find(number);
    if (holder != state.trial_numbers.end() && holder->second != trial.id) {
      return refuse(absl::StrCat("sweep ", trial.sweep.value, " has a trial ", trial.number, " already"));
    }
    if (const auto known = state.trials.find(trial.id); known != state.trials.end()) {
      const std::pair old_number(known->second.sweep, known->second.number);
      remember(state.trial_numbers, old_number);
      state.trial_numbers.erase(old_number);
    }
    put(state.trial_numbers, number, trial.id);
    drop_objective_that_is_no_number(trial);
    put(state.trials, trial.id, trial);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutTrialState& write) {
    const auto known = state.trials.find(write.trial);
    if (known == state.trials.end()) return refuse("the trial is unknown");
    remember(state.trials, write.trial);
    TrialRecord& trial = known->second;
    trial.state = write.state;
    trial.epoch = write.epoch;
    trial.failed_attempts = write.failed_attempts;
    trial.objective = write.objective;
    trial.finished_ms = write.finished_ms;
    drop_objective_that_is_no_number(trial);
    return absl::OkStatus();
  }

  absl::Status operator()(const CancelPendingTrials& write) {
    for (auto entry =
             state.trial_numbers.lower_bound({write.sweep, std::numeric_limits<std::int64_t>::min()});
         entry != state.trial_numbers.end() && entry->first.first == write.sweep; ++entry) {
      TrialRecord& trial = state.trials.at(entry->second);
      if (trial.state != TrialState::kPending) continue;
      remember(state.trials, trial.id);
      trial.state = TrialState::kCancelled;
      trial.finished_ms = write.finished_ms;
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const PutAttempt& write) {
    const AttemptRef& ref = write.attempt.ref;
    if (!state.trials.contains(ref.trial)) return refuse("the attempt's trial is unknown");
    if (!state.workers.contains(write.attempt.worker)) return refuse("the attempt's worker is unknown");
    if (write.attempt.state == AttemptState::kFinished && has_other_finished(ref)) {
      return refuse("another attempt of the trial has finished already");
    }
    put(state.attempts, ref, write.attempt);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutCheckpoint& write) {
    const AttemptRef& attempt = write.checkpoint.attempt;
    if (!state.attempts.contains(attempt)) return refuse("the checkpoint's attempt is unknown");
    put(state.checkpoints, {attempt, write.checkpoint.checkpoint.step}, write.checkpoint);
    return absl::OkStatus();
  }

  absl::Status operator()(const DropCheckpoint& write) {
    const std::pair key(write.attempt, write.step);
    remember(state.checkpoints, key);
    state.checkpoints.erase(key);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutWorker& write) {
    put(state.workers, write.worker.id, write.worker);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutDataset& write) {
    if (!state.sweeps.contains(write.sweep)) return refuse("the data set's sweep is unknown");
    put(state.datasets, write.sweep, write.report);
    return absl::OkStatus();
  }

  absl::Status operator()(const AddWarning& write) {
    const auto known = state.datasets.find(write.sweep);
    if (known == state.datasets.end()) return refuse("the warning's sweep has no data set");
    remember(state.datasets, write.sweep);
    known->second.warnings.push_back(write.message);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutPreparation& write) {
    const PreparationRecord& preparation = write.preparation;
    if (!state.sweeps.contains(preparation.sweep)) return refuse("the preparation's sweep is unknown");
    if (!preparation.worker.value.empty() && !state.workers.contains(preparation.worker)) {
      return refuse("the preparation's worker is unknown");
    }
    put(state.preparations, preparation.sweep, preparation);
    return absl::OkStatus();
  }

  absl::Status operator()(const AddMetrics& write) {
    if (write.points.empty()) return absl::OkStatus();
    if (!state.attempts.contains(write.attempt)) return refuse("the metrics' attempt is unknown");
    for (const MetricPoint& point : write.points) {
      const std::tuple key(write.attempt, point.name, point.step);
      if (!state.metrics.contains(key)) put(state.metrics, key, point.value);
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const InheritMetrics& write) {
    if (!state.attempts.contains(write.attempt)) return refuse("the metrics' attempt is unknown");
    const AttemptRef source{write.attempt.trial, write.from.epoch};
    std::vector<MetricPoint> points = metrics_of(state, source);
    std::erase_if(points, [&](const MetricPoint& point) { return point.step >= write.from.step; });
    return (*this)(AddMetrics{write.attempt, std::move(points)});
  }

  absl::Status operator()(const PutEvaluation& write) {
    if (!state.attempts.contains(write.attempt)) return refuse("the evaluation's attempt is unknown");
    put(state.evaluations, {write.attempt, write.evaluation.split}, write.evaluation);
    return absl::OkStatus();
  }

  absl::Status operator()(const PutStages& write) {
    if (write.stages.empty()) return absl::OkStatus();
    if (!state.attempts.contains(write.attempt)) return refuse("the stages' attempt is unknown");
    if (state.stages.contains(write.attempt)) return refuse("the attempt has stages already");
    put(state.stages, write.attempt, write.stages);
    return absl::OkStatus();
  }

  absl::Status operator()(const CopyResult& write) {
    if (!state.attempts.contains(write.attempt)) return refuse("the result's attempt is unknown");
    for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
      const auto found = state.evaluations.find({write.source, split});
      if (found != state.evaluations.end())
        put(state.evaluations, {write.attempt, split}, Evaluation(found->second));
    }
    return (*this)(AddMetrics{write.attempt, metrics_of(state, write.source)});
  }

  static void drop_objective_that_is_no_number(TrialRecord& trial) {
    if (trial.objective && std::isnan(*trial.objective)) trial.objective.reset();
  }

  bool has_other_finished(const AttemptRef& ref) const {
    for (auto other = state.attempts.lower_bound({ref.trial, 0});
         other != state.attempts.end() && other->first.trial == ref.trial; ++other) {
      if (other->first != ref && other->second.state == AttemptState::kFinished) return true;
    }
    return false;
  }

  State& state;
  std::vector<std::function<void()>> undo;
};

absl::Status MemoryStore::commit(std::span<const Write> writes) {
  Transaction transaction(state_);
  for (const Write& write : writes) {
    absl::Status status = check_write(write);
    if (status.ok()) status = std::visit(transaction, write);
    if (!status.ok()) return status;
  }
  transaction.commit();
  return absl::OkStatus();
}

namespace {

bool is_open(const SweepRecord& sweep) {
  return !has_ended(sweep.state);
}

}  // namespace

absl::StatusOr<Snapshot> MemoryStore::load() {
  Snapshot snapshot;
  snapshot.store = id_;
  for (const auto& [id, sweep] : state_.sweeps) {
    snapshot.sweeps.push_back(is_open(sweep) ? sweep : outline_of(sweep));
  }
  for (const auto& [number, action] : state_.actions) {
    if (is_open(state_.sweeps.at(action.sweep))) snapshot.actions.push_back(action);
  }
  for (const auto& [id, trial] : state_.trials) {
    snapshot.trials.push_back(trial);
    if (is_open(state_.sweeps.at(trial.sweep))) continue;
    Cell& cell = snapshot.trials.back().cell;
    cell = {};
    cell.index = trial.cell.index;
  }
  for (const auto& [ref, attempt] : state_.attempts) {
    snapshot.attempts.push_back(attempt);
    if (attempt.state != AttemptState::kRunning) continue;
    if (const std::optional<MetricPoint> point = last_objective(attempt)) {
      snapshot.objectives.push_back({.attempt = ref, .point = *point});
    }
  }
  for (const auto& [key, checkpoint] : state_.checkpoints) snapshot.checkpoints.push_back(checkpoint);
  for (const auto& [id, worker] : state_.workers) snapshot.workers.push_back(worker);
  for (const auto& [sweep, report] : state_.datasets) {
    DatasetReport summary = report;
    summary.clips.clear();
    summary.skipped.clear();
    snapshot.datasets.push_back({.sweep = sweep, .report = std::move(summary)});
  }
  for (const auto& [sweep, preparation] : state_.preparations) snapshot.preparations.push_back(preparation);
  return snapshot;
}

std::optional<MetricPoint> MemoryStore::last_objective(const AttemptRecord& attempt) const {
  const SweepRecord& sweep = state_.sweeps.at(state_.trials.at(attempt.ref.trial).sweep);
  const std::string& metric = sweep.spec.objective.metric;
  const std::tuple beyond(attempt.ref, metric, std::numeric_limits<std::int64_t>::max());
  auto entry = state_.metrics.upper_bound(beyond);
  if (entry == state_.metrics.begin()) return std::nullopt;
  --entry;
  const auto& [owner, name, step] = entry->first;
  if (owner != attempt.ref || name != metric) return std::nullopt;
  const bool is_inherited = attempt.resumed_from && step < attempt.resumed_from->step;
  if (is_inherited) return std::nullopt;
  return MetricPoint{.step = step, .name = name, .value = entry->second};
}

std::vector<MetricPoint> MemoryStore::metrics(const AttemptRef& attempt) const {
  return metrics_of(state_, attempt);
}

std::vector<Evaluation> MemoryStore::evaluations(const AttemptRef& attempt) const {
  std::vector<Evaluation> evaluations;
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    const auto found = state_.evaluations.find({attempt, split});
    if (found != state_.evaluations.end()) evaluations.push_back(found->second);
  }
  return evaluations;
}

std::vector<StageTime> MemoryStore::stages(const AttemptRef& attempt) const {
  const auto found = state_.stages.find(attempt);
  return found == state_.stages.end() ? std::vector<StageTime>() : found->second;
}

std::optional<DatasetReport> MemoryStore::dataset(SweepId sweep) const {
  const auto found = state_.datasets.find(sweep);
  if (found == state_.datasets.end()) return std::nullopt;
  return found->second;
}

}  // namespace melsweep::store

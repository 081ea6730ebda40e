#include "coordinator/core/reuse.h"

#include "coordinator/core/life_cycle.h"

namespace melsweep::core {
namespace {

ResultKey key_of_result(const State& state, const TrialRecord& trial) {
  return {trial.key, state.sweeps.at(trial.sweep).record.spec.objective.metric};
}

}  // namespace

void remember_result(State& state, const TrialEntry& trial) {
  if (trial.record.key.empty()) return;
  state.results[key_of_result(state, trial.record)] = trial.record.id;
}

bool reuse_result(const State& state, TrialEntry& trial, Outbox& outbox) {
  TrialRecord& record = trial.record;
  if (record.key.empty()) return false;
  const auto known = state.results.find(key_of_result(state, record));
  if (known == state.results.end()) return false;
  const TrialEntry& source = state.trials.at(known->second);
  // As if it had been run here: a lease, an end.
  advance(record.state, TrialState::kRunning);
  advance(record.state, TrialState::kFinished);
  record.epoch = 1;
  record.objective = source.record.objective;
  record.finished_ms = source.record.finished_ms;
  // Of a result that was taken over itself, where it came from.
  record.reused_from = source.record.reused_from.value != 0 ? source.record.reused_from : source.record.id;
  trial.attempt = source.attempt;
  trial.attempt->ref = {record.id, record.epoch};
  trial.attempt->request = {};
  outbox.writes.emplace_back(store::PutTrial{record});
  outbox.writes.emplace_back(store::PutAttempt{*trial.attempt});
  outbox.writes.emplace_back(store::CopyResult{trial.attempt->ref, source.attempt->ref});
  return true;
}

}  // namespace melsweep::core

#include "coordinator/core/assigning.h"

#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"

namespace melsweep::core {
namespace {

void start_preparation(SweepEntry& sweep, const ParkedLease& asker, Outbox& outbox) {
  PreparationRecord& preparation = sweep.preparation;
  ++preparation.epoch;
  preparation.worker = asker.worker;
  preparation.request = asker.request;
  preparation.state = AttemptState::kRunning;
  outbox.writes.emplace_back(store::PutPreparation{preparation});
}

void start_attempt(TrialEntry& trial, const ParkedLease& asker, const Now& now, Outbox& outbox) {
  advance(trial.record.state, TrialState::kRunning);
  ++trial.record.epoch;
  AttemptRecord attempt;
  attempt.ref = {trial.record.id, trial.record.epoch};
  attempt.worker = asker.worker;
  attempt.request = asker.request;
  attempt.started_ms = now.wall.time_since_epoch().count();
  trial.attempt = attempt;
  trial.objective.reset();
  outbox.writes.emplace_back(store::PutTrial{trial.record});
  outbox.writes.emplace_back(store::PutAttempt{attempt});
}

void start(State& state, const WorkKey& key, const ParkedLease& asker, const Now& now, Outbox& outbox) {
  if (key.number == 0) {
    start_preparation(state.sweeps.at(key.sweep), asker, outbox);
  } else {
    start_attempt(trial_at(state, key), asker, now, outbox);
  }
  hold(state, key, asker.worker, now.monotonic);
}

}  // namespace

Assignment assignment_for(const State& state, const WorkKey& key) {
  const SweepEntry& sweep = state.sweeps.at(key.sweep);
  const SweepSpec& spec = sweep.record.spec;
  if (key.number == 0) {
    return PrepareAssignment{{key.sweep, sweep.preparation.epoch}, spec.dataset, spec.base.model.weights};
  }
  const TrialRecord& trial = trial_at(state, key).record;
  TrialPlan plan;
  plan.id = trial.id;
  plan.sweep = trial.sweep;
  plan.dataset = spec.dataset;
  plan.dataset_hash = sweep.dataset_hash;
  plan.validation_fold = trial.validation_fold;
  plan.settings = trial.cell.settings;
  plan.seed = trial.seed;
  return TrialAssignment{trial.epoch, plan};
}

void serve(State& state, const Now& now, Outbox& outbox) {
  if (state.parked.empty()) return;
  state.queue.release_due(now.monotonic);
  while (!state.parked.empty() && state.queue.has_ready()) {
    const WorkKey key = *state.queue.take();
    const ParkedLease asker = state.parked.front();
    state.parked.pop_front();
    start(state, key, asker, now, outbox);
    outbox.answer(asker.token, Leased{assignment_for(state, key)});
  }
  for (auto asker = state.parked.begin(); asker != state.parked.end();) {
    if (asker->deadline <= now.monotonic) {
      outbox.answer(asker->token, Leased{});
      asker = state.parked.erase(asker);
    } else {
      ++asker;
    }
  }
}

}  // namespace melsweep::core

#include "coordinator/core/assigning.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>

#include "coordinator/core/checkpoints.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/group_size.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/matching.h"
#include "shared/spec/cells.h"

namespace melsweep::core {
namespace {

// How many requests of a worker are remembered after their answer: it has one at a time.
constexpr std::size_t kAnsweredRequests = 8;

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
  write_state(trial.record, outbox);
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

// The work, taken just now, with what goes out beside it.
std::vector<WorkKey> with_companions(State& state, const WorkKey& key, const ParkedLease& asker,
                                     Crews& crews) {
  std::vector<WorkKey> group = {key};
  const Grouping grouping = grouping_of(state, key);
  if (grouping.family == 0 || asker.max_trials <= 1) return group;
  const Crews::Crew& crew = crews.of(key.sweep);
  const std::int64_t most = std::min<std::int64_t>(asker.max_trials, trials_free(state.sweeps.at(key.sweep)));
  GroupQuestion question;
  question.ready = grouping.cost + state.queue.ready_cost(key.sweep, grouping.family);
  question.leased = state.sweeps.at(key.sweep).leased[grouping.family];
  question.idle = std::max(crew.idle, 1);
  question.busy = crew.busy;
  const std::vector<WorkKey> others =
      state.queue.take_beside(key, grouping, {most - 1, fair_share(question)});
  group.insert(group.end(), others.begin(), others.end());
  return group;
}

}  // namespace

TrialPlan plan_for(const SweepEntry& sweep, const TrialRecord& trial) {
  TrialPlan plan;
  plan.id = trial.id;
  plan.sweep = trial.sweep;
  plan.dataset = sweep.record.spec.dataset;
  plan.dataset_hash = sweep.dataset_hash;
  plan.validation_fold = trial.validation_fold;
  plan.settings = trial.cell.settings;
  plan.weights_hash = sweep.weights_hashes.at(plan.settings.model.weights);
  plan.seed = trial.seed;
  plan.evaluate = sweep.record.spec.evaluate;
  plan.train_on = sweep.record.spec.train_on;
  return plan;
}

Assignment assignment_for(const State& state, const WorkKey& key) {
  const SweepEntry& sweep = state.sweeps.at(key.sweep);
  const SweepSpec& spec = sweep.record.spec;
  if (key.number == 0) {
    return PrepareAssignment{{key.sweep, sweep.preparation.epoch}, spec.dataset, spec::weights_named(spec)};
  }
  const TrialEntry& trial = trial_at(state, key);
  return TrialAssignment{trial.record.epoch, plan_for(sweep, trial.record), checkpoints_for(trial)};
}

void serve(State& state, const Now& now, Outbox& outbox) {
  if (state.parked.empty()) return;
  state.queue.release_due(now.monotonic);
  Crews crews(state, now.monotonic);
  while (!state.parked.empty() && state.queue.has_ready()) {
    const std::optional<WorkKey> key = next_work(state, crews);
    if (!key) break;
    state.queue.take(*key);
    const std::optional<WorkerId> worker = choose_worker(state, *key, now.monotonic);
    if (!worker) {
      // Looked at again when that worker asks, or may have died.
      state.queue.set_aside(*key, now.monotonic + state.options.lease_ttl + state.options.lease_grace);
      continue;
    }
    // As long as the worker waits.
    crews.of(key->sweep);
    const ParkedLease asker = state.parked.take(*worker);
    const std::vector<WorkKey> group = with_companions(state, *key, asker, crews);
    crews.note_start(*worker, state.sweeps.at(key->sweep));
    for (const WorkKey& member : group) start(state, member, asker, now, outbox);
    answer_lease(state, asker, Leased{assignments_for(state, group)}, outbox);
  }
  end_waits(state, now.monotonic, outbox);
}

bool can_lease(const State& state, MonotonicTime now) {
  if (state.parked.empty()) return false;
  const std::optional<MonotonicTime> release = state.queue.next_release();
  return (release && *release <= now) || can_lease_now(state);
}

void end_waits(State& state, MonotonicTime now, Outbox& outbox) {
  for (const ParkedLease& parked : state.parked.take_due(now)) answer_lease(state, parked, Leased{}, outbox);
}

std::vector<Assignment> assignments_for(const State& state, const std::vector<WorkKey>& keys) {
  std::vector<Assignment> assignments;
  assignments.reserve(keys.size());
  for (const WorkKey& key : keys) assignments.push_back(assignment_for(state, key));
  return assignments;
}

void answer_lease(State& state, const ParkedLease& parked, const Leased& leased, Outbox& outbox) {
  for (const Token token : parked.tokens) outbox.answer(token, leased);
  std::deque<RequestId>& answered = state.workers.at(parked.worker).answered;
  answered.push_back(parked.request);
  if (answered.size() > kAnsweredRequests) answered.pop_front();
}

void release_for(State& state, const WorkerId& worker) {
  if (!state.queue.has_aside()) return;
  state.queue.release_aside(
      [&](const WorkKey& key) { return !trial_at(state, key).failed_on.contains(worker); });
}

}  // namespace melsweep::core

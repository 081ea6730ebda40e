#include "coordinator/core/endings.h"

#include <cassert>

#include "absl/strings/str_cat.h"
#include "coordinator/core/back_off.h"
#include "coordinator/core/checkpoints.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/reuse.h"
#include "coordinator/core/studies.h"
#include "coordinator/core/trial_making.h"

namespace melsweep::core {
namespace {

// Keeps the jitter of preparations apart from that of trials with the same number.
constexpr std::uint64_t kPreparationSalt = std::uint64_t{1} << 63U;

std::int64_t milliseconds(const Now& now) {
  return now.wall.time_since_epoch().count();
}

bool is_hopeless(const Ending& ending) {
  return ending.failure && (ending.failure->kind == FailureKind::kBadData ||
                            ending.failure->kind == FailureKind::kBadConfiguration);
}

bool counts(const Ending& ending) {
  return ending.state != AttemptState::kReleased;
}

// Ends the running attempt; the caller writes it after its trial.
void close_attempt(State& state, TrialEntry& trial, AttemptState how, const Now& now) {
  let_go(state, key_of(trial));
  advance(trial.attempt->state, how);
  trial.attempt->ended_ms = milliseconds(now);
}

void close_trial(State& state, TrialEntry& trial, TrialState how, const Now& now, Outbox& outbox) {
  drop_checkpoints(trial, how == TrialState::kFinished ? trial.attempt->checkpoint : std::nullopt, outbox);
  advance(trial.record.state, how);
  trial.family = 0;
  trial.record.finished_ms = milliseconds(now);
  SweepEntry& sweep = state.sweeps.at(trial.record.sweep);
  --sweep.trials_open;
  if (how == TrialState::kFinished) ++sweep.trials_finished;
  if (how == TrialState::kFailed) ++sweep.trials_failed;
}

void close_sweep(State& state, SweepEntry& sweep, SweepState how, const Now& now, Outbox& outbox) {
  advance(sweep.record.state, how);
  state.open_sweeps.erase(sweep.record.id);
  state.making.erase(sweep.record.id);
  sweep.record.paused = false;
  sweep.actions.clear();
  sweep.families = {};
  sweep.leased.clear();
  sweep.record.finished_ms = milliseconds(now);
  outbox.writes.emplace_back(store::PutSweep{sweep.record});
  pass_on(state, sweep, now, outbox);
}

// Of the trial's latest attempt, and of the trial where that is over too.
void record_end(const TrialEntry& trial, Outbox& outbox) {
  write_state(trial.record, outbox);
  outbox.writes.emplace_back(store::PutAttempt{*trial.attempt});
  drop_leftovers(trial, outbox);
}

}  // namespace

void write_state(const TrialRecord& trial, Outbox& outbox) {
  outbox.writes.emplace_back(store::PutTrialState{trial.id, trial.state, trial.epoch, trial.failed_attempts,
                                                  trial.objective, trial.finished_ms});
}

void end_attempt(State& state, TrialEntry& trial, const Ending& ending, const Now& now, Outbox& outbox) {
  close_attempt(state, trial, ending.state, now);
  trial.attempt->failure = ending.failure;
  trial.attempt->release_reason = ending.release;
  if (counts(ending)) {
    ++trial.record.failed_attempts;
    trial.failed_on.insert(trial.attempt->worker);
  }
  if (counts(ending) || ending.release == ReleaseReason::kGroupDied) trial.alone = true;
  const int max_attempts = state.sweeps.at(trial.record.sweep).record.spec.retry.max_attempts;
  if (is_hopeless(ending) || trial.record.failed_attempts >= max_attempts) {
    close_trial(state, trial, TrialState::kFailed, now, outbox);
    record_end(trial, outbox);
    close_sweep_if_over(state, trial, now, outbox);
    return;
  }
  advance(trial.record.state, TrialState::kPending);
  record_end(trial, outbox);
  const auto salt = static_cast<std::uint64_t>(trial.record.id.value);
  const auto delay = counts(ending) ? back_off(state.options, trial.record.failed_attempts, salt)
                                    : std::chrono::milliseconds(0);
  enqueue(state, key_of(trial), now.monotonic + delay);
}

void finish_attempt(State& state, TrialEntry& trial, const Checkpoint& result, const Evaluation& evaluation,
                    const Now& now, Outbox& outbox) {
  assert(trial.objective);
  close_attempt(state, trial, AttemptState::kFinished, now);
  trial.attempt->checkpoint = result;
  trial.record.objective = trial.objective->value;
  close_trial(state, trial, TrialState::kFinished, now, outbox);
  record_end(trial, outbox);
  outbox.writes.emplace_back(store::PutEvaluation{trial.attempt->ref, evaluation});
  remember_result(state, trial);
  close_sweep_if_over(state, trial, now, outbox);
}

void end_preparation(State& state, SweepEntry& sweep, const Ending& ending, const Now& now, Outbox& outbox) {
  let_go(state, key_of(sweep));
  PreparationRecord& preparation = sweep.preparation;
  advance(preparation.state, ending.state);
  if (counts(ending)) ++preparation.failed_attempts;
  outbox.writes.emplace_back(store::PutPreparation{preparation});
  if (is_hopeless(ending)) {
    fail_sweep(state, sweep, ending.failure->message, now, outbox);
    return;
  }
  if (preparation.failed_attempts >= sweep.record.spec.retry.max_attempts) {
    fail_sweep(state, sweep,
               absl::StrCat(
                   "the data could not be looked at in ", preparation.failed_attempts,
                   " attempts; the last one: ", ending.failure ? ending.failure->message : "no reason given"),
               now, outbox);
    return;
  }
  const std::uint64_t salt = static_cast<std::uint64_t>(sweep.record.id.value) | kPreparationSalt;
  const auto delay = counts(ending) ? back_off(state.options, preparation.failed_attempts, salt)
                                    : std::chrono::milliseconds(0);
  enqueue(state, key_of(sweep), now.monotonic + delay);
}

void end_work(State& state, const WorkKey& key, const Ending& ending, const Now& now, Outbox& outbox) {
  if (key.number == 0) {
    end_preparation(state, state.sweeps.at(key.sweep), ending, now, outbox);
  } else {
    end_attempt(state, trial_at(state, key), ending, now, outbox);
  }
}

void close_sweep_if_over(State& state, const TrialEntry& last, const Now& now, Outbox& outbox) {
  SweepEntry& sweep = state.sweeps.at(last.record.sweep);
  if (sweep.trials_open > 0 || lacks_trials(sweep)) return;
  if (sweep.trials_failed < sweep.trials) {
    close_sweep(state, sweep, SweepState::kFinished, now, outbox);
    return;
  }
  fail_sweep(state, sweep,
             absl::StrCat("every trial failed (", sweep.trials, " of them); the last one: ",
                          last.attempt->failure ? last.attempt->failure->message : "no reason given"),
             now, outbox);
}

void fail_sweep(State& state, SweepEntry& sweep, const std::string& reason, const Now& now, Outbox& outbox) {
  sweep.record.reason = reason;
  close_sweep(state, sweep, SweepState::kFailed, now, outbox);
}

void cancel_sweep(State& state, SweepEntry& sweep, const Now& now, Outbox& outbox) {
  state.queue.remove(key_of(sweep));
  if (sweep.preparation.state == AttemptState::kRunning) {
    let_go(state, key_of(sweep));
    advance(sweep.preparation.state, AttemptState::kCancelled);
    outbox.writes.emplace_back(store::PutPreparation{sweep.preparation});
  }
  for (std::int64_t i = 0; i < sweep.trials; ++i) {
    TrialEntry& trial = state.trials.at(TrialId{sweep.first_trial.value + i});
    if (is_final(trial.record.state)) continue;
    const bool is_running = trial.record.state == TrialState::kRunning;
    if (is_running) {
      close_attempt(state, trial, AttemptState::kCancelled, now);
    } else {
      state.queue.remove(key_of(trial));
    }
    close_trial(state, trial, TrialState::kCancelled, now, outbox);
    if (is_running) record_end(trial, outbox);
  }
  // The pending ones in one go: there may be a hundred thousand.
  outbox.writes.emplace_back(store::CancelPendingTrials{sweep.record.id, milliseconds(now)});
  close_sweep(state, sweep, SweepState::kCancelled, now, outbox);
}

}  // namespace melsweep::core

// How leases, trials and sweeps end. Each function writes what it changes; none of them hands out work.
#pragma once

#include <optional>
#include <string>

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// How an attempt or a preparation ended without a result.
struct Ending {
  AttemptState state = AttemptState::kFailed;  // kFailed, kLost or kReleased
  std::optional<Failure> failure{};            // with kFailed and kLost
  std::optional<ReleaseReason> release{};      // with kReleased
};

// Writes how far the trial has come; it must have been written whole before.
void write_state(const TrialRecord& trial, Outbox& outbox);

// The attempt must be running. The trial waits for its next attempt, or has failed: where trying again cannot
// help, or was tried often enough.
void end_attempt(State& state, TrialEntry& trial, const Ending& ending, const Now& now, Outbox& outbox);

// The attempt must be running and have an objective.
void finish_attempt(State& state, TrialEntry& trial, const Checkpoint& result, const Evaluation& evaluation,
                    const Now& now, Outbox& outbox);

// The preparation must be running. Its sweep waits for the next one, or has failed.
void end_preparation(State& state, SweepEntry& sweep, const Ending& ending, const Now& now, Outbox& outbox);

// Whichever of these two the key is of; it must be leased.
void end_work(State& state, const WorkKey& key, const Ending& ending, const Now& now, Outbox& outbox);

// The sweep has finished, or failed, once it has all its trials and every one of them has ended; `last` is
// the one that was ended or made last.
void close_sweep_if_over(State& state, const TrialEntry& last, const Now& now, Outbox& outbox);

void fail_sweep(State& state, SweepEntry& sweep, const std::string& reason, const Now& now, Outbox& outbox);

// With its preparation, its open trials and their running attempts. The sweep must not have ended.
void cancel_sweep(State& state, SweepEntry& sweep, const Now& now, Outbox& outbox);

}  // namespace melsweep::core

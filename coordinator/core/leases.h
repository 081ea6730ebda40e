// Who holds which work. The indices of State (expiries, WorkerEntry::holds, SweepEntry::leased and
// trials_leased) are kept by hold, note_progress, renew and let_go alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "coordinator/core/state.h"
#include "shared/model/assignment.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// The latest lease of a piece of work, running or ended; epoch 0 where there was none yet.
struct LatestLease {
  std::int32_t epoch = 0;
  WorkerId worker;
  RequestId request;
  AttemptState state = AttemptState::kReleased;
};

// The keys given to these functions must be of work that exists.
TrialEntry& trial_at(State& state, const WorkKey& key);
const TrialEntry& trial_at(const State& state, const WorkKey& key);
LatestLease latest_lease(const State& state, const WorkKey& key);
std::optional<Lease>& lease_at(State& state, const WorkKey& key);
const std::optional<Lease>& lease_at(const State& state, const WorkKey& key);

WorkKey key_of(const SweepEntry& sweep);  // of its preparation
WorkKey key_of(const TrialEntry& trial);

// Nothing where there is no such trial or sweep; the epoch is not looked at.
std::optional<WorkKey> find_work(const State& state, const WorkRef& work);
std::int32_t epoch_of(const WorkRef& work);

// "attempt 2 of trial 17", "attempt 1 at the data of sweep 3"
std::string describe(const WorkRef& work);

// FailedPrecondition: the worker is to stop this work.
absl::Status not_held(const WorkRef& work, const WorkerId& worker);

// What the trial is to those that wait beside it.
Grouping grouping_of(const State& state, const WorkKey& key);

// The worker is there.
void hear(WorkerEntry& worker, const Now& now);

// The worker holds work, or was heard of within the time that it would keep some.
bool is_alive(const State& state, const WorkerEntry& worker, MonotonicTime now);

// The worker holds this very lease now.
bool is_held(const State& state, const WorkRef& work, const WorkerId& worker);

// The worker must be known and the work must have no lease.
void hold(State& state, const WorkKey& key, const WorkerId& worker, MonotonicTime now);

// The work is to be handed out: it is neither leased, nor over, nor of a paused sweep.
bool awaits_lease(const State& state, const WorkKey& key);

// Work that is neither leased nor over is handed out from `ready_at` on; that of a paused sweep once it is
// resumed. Nothing happens with other work.
void enqueue(State& state, const WorkKey& key, MonotonicTime ready_at);

// How far the work has come; it must have a lease.
void note_progress(State& state, const WorkKey& key, const Progress& progress);

// The work must have a lease.
void renew(State& state, const WorkKey& key, MonotonicTime now);
// The worker spoke of the work: renews its lease.
void confirm(State& state, const WorkKey& key, MonotonicTime now);
void let_go(State& state, const WorkKey& key);

}  // namespace melsweep::core

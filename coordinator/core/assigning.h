// Handing out work.
#pragma once

#include <vector>

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// What a worker needs to know to do work that is leased.
// All that the trial's result depends on. Its sweep must be prepared.
TrialPlan plan_for(const SweepEntry& sweep, const TrialRecord& trial);

Assignment assignment_for(const State& state, const WorkKey& key);
std::vector<Assignment> assignments_for(const State& state, const std::vector<WorkKey>& keys);

// Leases what is ready to those who wait for work, and answers those whose wait is over. Every event that may
// write ends with it.
void serve(State& state, const Now& now, Outbox& outbox);

// serve() has work to lease and somebody to lease it to.
bool can_lease(const State& state, MonotonicTime now);

// Of serve(), what needs no writes.
void end_waits(State& state, MonotonicTime now, Outbox& outbox);

// Answers every call of the request.
void answer_lease(State& state, const ParkedLease& parked, const Leased& leased, Outbox& outbox);

// The worker now asks: what waited for another worker than those that it failed on is ready where it suits.
void release_for(State& state, const WorkerId& worker);

}  // namespace melsweep::core

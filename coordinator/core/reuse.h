// Trials whose result is known already: an earlier sweep had the same.
#pragma once

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"

namespace melsweep::core {

// The finished trial can give its result to others from now on.
void remember_result(State& state, const TrialEntry& trial);

// Gives a new trial that is pending the result of a finished one with the same key and the same objective,
// where there is one: then it has finished, when that one did, and is written. The trial must not be counted
// or queued yet.
bool reuse_result(const State& state, TrialEntry& trial, Outbox& outbox);

}  // namespace melsweep::core

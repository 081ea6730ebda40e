// What always holds of the state between two events.
#pragma once

#include "absl/status/status.h"
#include "coordinator/core/state.h"

namespace melsweep::core {

// Internal, naming the first thing found wrong: each trial has one running attempt exactly while it runs,
// what is pending is queued and nothing else is, indices agree with the entries, counts with the trials, and
// nobody waits for work while some is ready. O(n log n).
absl::Status check_invariants(const State& state);

}  // namespace melsweep::core

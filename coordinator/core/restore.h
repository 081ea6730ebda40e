// The state after a restart.
#pragma once

#include "absl/status/statusor.h"
#include "coordinator/core/options.h"
#include "coordinator/core/state.h"
#include "coordinator/store/store.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// Leases that were running get a full lease_ttl + lease_grace from now, so that workers that kept going find
// their work still theirs. What waits to be tried again is ready at once. DataLoss: the snapshot contradicts
// itself; the message says where.
absl::StatusOr<State> restore(const Options& options, const store::Snapshot& snapshot, const Now& now);

// Takes along what the store does not know and `before` does, for the leases, workers and sweeps that are in
// both: who waits for work, when workers were last heard of, what became of leases since they were granted,
// and how submissions that gave no new sweep were answered. Leases keep the full time that restore() gave
// them.
void carry_over(State before, State& restored);

}  // namespace melsweep::core

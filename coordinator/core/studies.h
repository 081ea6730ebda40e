// Sweeps that take over the settings of other sweeps' winners.
#pragma once

#include <vector>

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// All sweeps that were submitted together with this one, itself among them, in the order of their study.
std::vector<SweepId> submitted_with(const State& state, SweepId sweep);

// The trial of rank 1, as the database's view best_run has it: of the sweep's cells that are complete the one
// with the best mean objective over seeds and folds, and of its trials the best. All trials must have ended;
// null where none has finished.
const TrialEntry* winner_of(const State& state, const SweepEntry& sweep);

// The sweep has ended just now. Those that wait for it take over what they are to have of its winner: they
// are to be prepared, where they wait for nothing else; or have failed, with the reason, where there is no
// winner to take from or what comes out is impossible.
void pass_on(State& state, const SweepEntry& ended, const Now& now, Outbox& outbox);

}  // namespace melsweep::core

// Which events can be served while nothing can be written.
#pragma once

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// False: apply() of the event now writes nothing. Heartbeats, requests for work that there is none of, and
// questions never write. True says only that it may.
bool may_write(const State& state, const Event& event, const Now& now);

}  // namespace melsweep::core

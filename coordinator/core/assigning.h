// Handing out work.
#pragma once

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// What a worker needs to know to do work that is leased.
Assignment assignment_for(const State& state, const WorkKey& key);

// Leases what is ready to those who wait for work, and answers those whose wait is over. Every event ends
// with it.
void serve(State& state, const Now& now, Outbox& outbox);

}  // namespace melsweep::core

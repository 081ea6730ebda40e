// Which worker of the coordinator's a member of a fleet is.
#pragma once

#include <vector>

#include "client/scaling/fleet.h"
#include "shared/results/results.h"

namespace melsweep::scaling {

// The one that is alive; null: the coordinator does not know one.
const results::WorkerSummary* worker_of(const Member& member,
                                        const std::vector<results::WorkerSummary>& workers);

// It has something to do.
bool is_busy(const results::WorkerSummary& worker);

}  // namespace melsweep::scaling

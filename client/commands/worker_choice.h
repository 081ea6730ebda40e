// Which worker somebody means.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/ids.h"
#include "shared/results/results.h"

namespace melsweep::commands {

// `which`: the id of a worker, or the name of one that is alive: the id without the hyphen and what is behind
// the last one. NotFound, and InvalidArgument where several have that name, list the workers that are alive.
absl::StatusOr<WorkerId> choose_worker(const std::vector<results::WorkerSummary>& workers,
                                       const std::string& which);

}  // namespace melsweep::commands

// What this worker has of its machine.
#pragma once

#include "absl/status/statusor.h"
#include "shared/model/resources.h"
#include "worker/agent/worker_options.h"

namespace melsweep::agent {

// Binds this process, and all that it starts, to the processors and GPUs that the options name, and says what
// they are; to be called before any thread is started. An error: GPUs or processors that were named are not
// there. A driver that does not answer is only warned of where none were named.
absl::StatusOr<WorkerResources> take_resources(const WorkerOptions& options);

}  // namespace melsweep::agent

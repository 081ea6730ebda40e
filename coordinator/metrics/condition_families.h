// A coordinator's condition as metrics.
#pragma once

#include "absl/status/statusor.h"
#include "coordinator/rpc/server.h"
#include "shared/monitoring/families.h"

namespace melsweep::metrics {

// Where there is no condition, or no overview in it, what is not known is left out.
monitoring::Families condition_families(const absl::StatusOr<rpc::Condition>& condition);

}  // namespace melsweep::metrics

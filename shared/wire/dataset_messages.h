// worker.proto's DatasetReport <-> shared/model/dataset.h. The rules are those of model_messages.h; also, a
// clip's class must be one of the report's.
#pragma once

#include "absl/status/statusor.h"
#include "melsweep/v1/worker.pb.h"
#include "shared/model/dataset.h"

namespace melsweep::wire {

v1::DatasetReport encode(const DatasetReport& report);
absl::StatusOr<DatasetReport> decode(const v1::DatasetReport& message);

}  // namespace melsweep::wire

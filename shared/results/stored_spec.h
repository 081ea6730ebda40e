// The table `sweeps`' column `spec`.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "shared/model/sweep.h"

namespace melsweep::results {

// DataLoss where it cannot be read.
absl::StatusOr<SweepSpec> parse_spec(const std::string& text);

}  // namespace melsweep::results

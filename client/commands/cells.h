// A sweep's cells, read from wherever its trials are.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "shared/results/cells.h"

namespace melsweep::commands {

// Best first.
absl::StatusOr<std::vector<results::CellSummary>> read_cells(results::Results& results, SweepId sweep);

// Whether a cell is more than one trial.
bool have_several_trials(const std::vector<results::CellSummary>& cells);

}  // namespace melsweep::commands

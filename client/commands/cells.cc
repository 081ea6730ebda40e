#include "client/commands/cells.h"

#include <algorithm>

namespace melsweep::commands {

absl::StatusOr<std::vector<results::CellSummary>> read_cells(results::Results& results, SweepId sweep) {
  const auto trials = results.trials(sweep);
  if (!trials.ok()) return trials.status();
  return results::cells_of(*trials);
}

bool have_several_trials(const std::vector<results::CellSummary>& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](const results::CellSummary& cell) { return cell.trials > 1; });
}

}  // namespace melsweep::commands

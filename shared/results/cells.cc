#include "shared/results/cells.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace melsweep::results {
namespace {

bool has_failed(const TrialSummary& trial) {
  return trial.state == TrialState::kFailed || (trial.state == TrialState::kFinished && !trial.objective);
}

bool is_open(const TrialSummary& trial) {
  return trial.state == TrialState::kPending || trial.state == TrialState::kRunning;
}

void add_figures(const std::vector<double>& objectives, CellSummary& cell) {
  const auto count = static_cast<double>(objectives.size());
  const double mean = std::accumulate(objectives.begin(), objectives.end(), 0.0) / count;
  cell.mean = mean;
  cell.lowest = *std::min_element(objectives.begin(), objectives.end());
  cell.highest = *std::max_element(objectives.begin(), objectives.end());
  if (objectives.size() < 2) return;
  double squares = 0.0;
  for (const double objective : objectives) squares += (objective - mean) * (objective - mean);
  cell.deviation = std::sqrt(squares / (count - 1.0));
}

// `rank` is that of its best trial; the largest number where none has finished.
CellSummary summed_up(std::span<const TrialSummary> trials) {
  CellSummary cell;
  cell.rank = std::numeric_limits<std::int64_t>::max();
  cell.parameters = trials.front().parameters;
  cell.trials = static_cast<std::int64_t>(trials.size());
  std::vector<double> objectives;
  for (const TrialSummary& trial : trials) {
    if (trial.objective) objectives.push_back(*trial.objective);
    cell.failed += has_failed(trial) ? 1 : 0;
    cell.open += is_open(trial) ? 1 : 0;
    if (trial.rank == 0 || trial.rank >= cell.rank) continue;
    cell.rank = trial.rank;
    cell.best_trial = trial.number;
  }
  cell.finished = static_cast<std::int64_t>(objectives.size());
  if (cell.failed == 0 && !objectives.empty()) add_figures(objectives, cell);
  return cell;
}

}  // namespace

std::vector<CellSummary> cells_of(std::span<const TrialSummary> trials) {
  std::vector<CellSummary> cells;
  // Those of a cell follow each other.
  while (!trials.empty()) {
    const auto end = std::find_if(trials.begin(), trials.end(), [&](const TrialSummary& trial) {
      return trial.parameters != trials.front().parameters;
    });
    const auto count = static_cast<std::size_t>(end - trials.begin());
    cells.push_back(summed_up(trials.first(count)));
    trials = trials.subspan(count);
  }
  std::stable_sort(cells.begin(), cells.end(),
                   [](const CellSummary& a, const CellSummary& b) { return a.rank < b.rank; });
  std::int64_t rank = 0;
  for (CellSummary& cell : cells) cell.rank = ++rank;
  return cells;
}

}  // namespace melsweep::results

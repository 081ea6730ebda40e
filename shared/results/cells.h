// A sweep's trials put together by what they tried: over seeds and folds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "shared/results/results.h"

namespace melsweep::results {

// All trials with the same parameters. The figures of the objective are over those that have finished; there
// are none where one has failed: those that happened to survive would flatter the cell.
struct CellSummary {
  std::int64_t rank = 0;  // 1 = best
  std::vector<Parameter> parameters;
  std::optional<double> mean;
  std::optional<double> deviation;  // of the sample; none of a single trial
  std::optional<double> lowest;
  std::optional<double> highest;
  std::int64_t trials = 0;
  std::int64_t finished = 0;
  std::int64_t failed = 0;
  std::int64_t open = 0;        // pending or running
  std::int64_t best_trial = 0;  // its number; 0 = none has finished
};

// As the view `cells` has them, best first. `trials`: all of a sweep, as Results::trials() gives them.
std::vector<CellSummary> cells_of(std::span<const TrialSummary> trials);

}  // namespace melsweep::results

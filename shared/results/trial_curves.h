// Finished trials with all that they measured on their way, for whoever takes them elsewhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/metric.h"
#include "shared/model/sweep.h"

namespace melsweep::results {

struct TrialCurves {
  std::int64_t sweep_id = 0;
  std::string sweep;
  std::int64_t sweep_created_ms = 0;  // Unix time, UTC
  std::int64_t trial_id = 0;          // unique in the database
  std::int64_t trial = 0;             // its number within the sweep
  std::vector<Parameter> parameters;
  std::uint64_t seed = 0;
  int validation_fold = 0;
  std::int64_t started_ms = 0;  // of the attempt that finished
  std::int64_t ended_ms = 0;
  std::int64_t last_step = 0;
  std::vector<MetricPoint> points;  // in order of metric and step; NaN where it was no number

  // When the step was about done: the database keeps the time of the ends only, and steps take about as long
  // as each other.
  std::int64_t about_ms(std::int64_t step) const;
};

// Each finished trial, in order of sweep and number; an error of `take` ends the reading with it. `sweep`, as
// Results::sweep() takes it; nothing: of all. The errors of read_views().
absl::Status read_curves(const std::filesystem::path& database, const std::optional<std::string>& sweep,
                         const std::function<absl::Status(const TrialCurves&)>& take);

}  // namespace melsweep::results

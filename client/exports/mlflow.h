// MLflow's folder of runs ("mlruns"), as its file store reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace melsweep::exports {

// Writes a sweep as an experiment and each of its finished trials as a run, with its parameters and learning
// curves; what an earlier export wrote of them is replaced, file by file. How many trials there were.
// read_curves()'s errors; the system's reason, with the path.
absl::StatusOr<std::int64_t> write_mlflow(const std::filesystem::path& database,
                                          const std::optional<std::string>& sweep,
                                          const std::filesystem::path& folder);

}  // namespace melsweep::exports

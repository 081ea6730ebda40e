// Results read straight from a results database, beside a running coordinator or without one.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "shared/results/results.h"

namespace melsweep::results {

// Opens the file read-only and never creates, migrates or checkpoints it. NotFound: no such file;
// FailedPrecondition: not a results database, or of a newer version than this program knows. Not thread-safe.
absl::StatusOr<std::unique_ptr<Results>> open_database(const std::string& path);

}  // namespace melsweep::results

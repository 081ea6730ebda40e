// Which finished trial somebody means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "shared/model/ids.h"

namespace SQLite {
class Database;
}

namespace melsweep::results {

struct RunChoice {
  std::string sweep;                  // as Results::sweep() takes it
  std::optional<std::int64_t> trial;  // its number within the sweep; nothing: the best
};

// "grid" and "grid:best" -> the best of it; "grid:7" -> its trial 7.
RunChoice parse_run(const std::string& text);

// A trial that has finished. NotFound where there is no such sweep or trial, or none has finished;
// FailedPrecondition where this one has not; each says what there is. SQLite's errors are thrown.
absl::StatusOr<TrialId> resolve_run(SQLite::Database& database, const RunChoice& run);

}  // namespace melsweep::results

// The ledger of a sweep, proved from the database alone: what ran, how often, and whether the record is
// whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/results/results.h"

namespace melsweep::results {

// A row that should not be as it is.
struct Violation {
  std::string rule;                   // its short name, as docs/operations.md lists them
  std::optional<std::int64_t> trial;  // its number within the sweep; none where no one trial is meant
  std::string detail;
};

struct Verification {
  SweepSummary sweep;
  std::int64_t cells = 0;
  std::int64_t seeds = 0;
  std::int64_t folds = 0;  // 1 without cross-validation
  std::int64_t attempts = 0;
  std::int64_t metrics = 0;  // points of finished attempts
  bool has_ended = false;    // trials of an unfinished sweep may still be open
  std::vector<Violation> violations;
};

// Every cell has one trial for each seed and fold, every finished trial one finished attempt, fencing numbers
// count up without a gap, metrics have no gaps or doubles, and what is derived agrees with what it was
// derived from. `which` as in Results::sweep(). NotFound: no such file or sweep; FailedPrecondition: no
// results database, or a sweep that this program cannot read.
absl::StatusOr<Verification> verify_sweep(const std::filesystem::path& database, const std::string& which);

}  // namespace melsweep::results

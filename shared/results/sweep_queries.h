// Questions about sweeps, asked of an open database. SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "absl/status/statusor.h"
#include "shared/results/results.h"

namespace melsweep::results {

// Newest first.
std::vector<SweepSummary> read_sweeps(SQLite::Database& database);

// NotFound where there is no sweep with this number.
absl::StatusOr<SweepSummary> read_sweep(SQLite::Database& database, SweepId id);

// The sweep as it was submitted. NotFound where there is none; DataLoss where it cannot be read.
absl::StatusOr<SweepSpec> read_spec(SQLite::Database& database, SweepId id);

// What is shown with every result of the sweep.
std::vector<std::string> read_warnings(SQLite::Database& database, SweepId sweep);

// "last" -> the newest; else a number; else a name -> the newest of that name. NotFound lists what there is.
absl::StatusOr<SweepId> resolve_sweep(SQLite::Database& database, const std::string& which);

}  // namespace melsweep::results

// SQLite's errors as values: the only place that knows its codes.
#pragma once

#include <string>

#include "SQLiteCpp/Exception.h"
#include "absl/status/status.h"

namespace melsweep::results {

// `doing` opens the message: "reading results.db". Unavailable where trying again later can help (disk full,
// busy, a write that failed before anything was promised); Cancelled where it was interrupted; DataLoss where
// the file is damaged; FailedPrecondition where a constraint forbids it or the file is no database;
// PermissionDenied; Internal for all else, a failed fsync above all.
absl::Status to_status(const SQLite::Exception& error, const std::string& doing);

}  // namespace melsweep::results

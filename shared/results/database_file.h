// Telling a results database from any other file, and opening one for reading.
#pragma once

#include <filesystem>

#include "SQLiteCpp/Database.h"
#include "absl/status/statusor.h"

namespace melsweep::results {

// A connection that cannot write, waits for locks up to 2 s, and reads beside a writer. NotFound,
// FailedPrecondition (a folder, no results database, another schema version than this program's) or what
// SQLite says.
absl::StatusOr<SQLite::Database> open_read_only(const std::filesystem::path& path);

}  // namespace melsweep::results

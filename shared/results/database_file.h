// Telling a results database from any other file, and opening one for reading.
#pragma once

#include <filesystem>
#include <string>

#include "SQLiteCpp/Database.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace melsweep::results {

// The path as SQLite's URI, with parameters such as "mode=ro&immutable=1".
std::string database_uri(const std::filesystem::path& path, const std::string& parameters);

// FailedPrecondition unless the open database carries our application_id. SQLite's own errors are thrown.
absl::Status check_application_id(SQLite::Database& database, const std::filesystem::path& path);

// A connection that cannot write, waits for locks up to 2 s, and reads beside a writer. NotFound,
// FailedPrecondition (a folder, no results database, another schema version than this program's) or what
// SQLite says.
absl::StatusOr<SQLite::Database> open_read_only(const std::filesystem::path& path);

}  // namespace melsweep::results

#include "shared/results/database_file.h"

#include <sqlite3.h>

#include <cctype>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/results/schema_version.h"
#include "shared/results/sqlite_status.h"

namespace melsweep::results {
namespace {

constexpr int kBusyTimeoutMs = 2000;

// The path as SQLite's URI, with parameters such as "mode=ro&immutable=1".
std::string database_uri(const std::filesystem::path& path, const std::string& parameters) {
  std::string uri = "file:";
  for (const char byte : std::filesystem::absolute(path).string()) {
    const auto code = static_cast<unsigned char>(byte);
    if (std::isalnum(code) != 0 || byte == '/' || byte == '.' || byte == '-' || byte == '_') {
      uri += byte;
    } else {
      absl::StrAppend(&uri, "%", absl::Hex(code, absl::kZeroPad2));
    }
  }
  return absl::StrCat(uri, "?", parameters);
}

absl::Status check_application_id(SQLite::Database& database, const std::filesystem::path& path) {
  if (database.execAndGet("PRAGMA application_id").getInt() == kApplicationId) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path.string(), " is an SQLite database, but no results database of melsweep; it was left as it is"));
}

absl::Status check_version(SQLite::Database& database, const std::filesystem::path& path) {
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  if (version == kSchemaVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path.string(), " has schema version ", version, ", and this program reads version ", kSchemaVersion,
      version > kSchemaVersion ? "; use the newer melsweep that wrote it"
                               : "; a coordinator that opens it brings it up to date"));
}

absl::StatusOr<SQLite::Database> connect(const std::filesystem::path& path, const std::string& parameters) {
  SQLite::Database database(database_uri(path, parameters), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                            kBusyTimeoutMs);
  if (absl::Status status = check_application_id(database, path); !status.ok()) return status;
  if (absl::Status status = check_version(database, path); !status.ok()) return status;
  database.exec("PRAGMA query_only = ON");
  return database;
}

// A closed database in write-ahead mode in a folder that this user may not write to: SQLite cannot make the
// shared memory it wants, and needs none, since nobody is writing.
bool is_closed_in_read_only_folder(const SQLite::Exception& error, const std::filesystem::path& path) {
  std::error_code ignored;
  const int code = error.getErrorCode();
  return (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) &&
         !std::filesystem::exists(path.string() + "-wal", ignored);
}

}  // namespace

absl::StatusOr<SQLite::Database> open_read_only(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status file = std::filesystem::status(path, error);
  if (file.type() == std::filesystem::file_type::none) {
    return absl::FailedPreconditionError(
        absl::StrCat("opening the results database ", path.string(), ": ", error.message()));
  }
  if (!std::filesystem::exists(file)) {
    return absl::NotFoundError(absl::StrCat("there is no results database ", path.string(),
                                            "; name one with --db, or run a sweep first"));
  }
  if (!std::filesystem::is_regular_file(file)) {
    return absl::FailedPreconditionError(absl::StrCat(path.string(), " is no file"));
  }
  const std::string doing = absl::StrCat("opening the results database ", path.string());
  try {
    return connect(path, "mode=ro");
  } catch (const SQLite::Exception& first) {
    if (!is_closed_in_read_only_folder(first, path)) return to_status(first, doing);
  }
  try {
    return connect(path, "mode=ro&immutable=1");
  } catch (const SQLite::Exception& second) {
    return to_status(second, doing);
  }
}

}  // namespace melsweep::results

// The database's schema as numbered steps. A step that was released is never changed; a new one is added
// behind it.
#pragma once

#include <span>
#include <string_view>

#include "SQLiteCpp/Database.h"
#include "absl/status/status.h"

namespace melsweep::store {

struct Migration {
  int version;  // user_version after it; the steps count 1, 2, 3, ...
  std::string_view sql;
};

// The steps of this program, in order. The last one's version is results::kSchemaVersion.
std::span<const Migration> schema_migrations();

// Brings the database from its user_version to the last step's, all missing steps in one transaction.
// FailedPrecondition: the database is newer than the last step; it is left as it is. Internal: a step leaves
// rows whose foreign keys point nowhere. SQLite's own errors are thrown. Foreign keys must not be enforced
// yet.
absl::Status migrate(SQLite::Database& database, std::span<const Migration> migrations);

}  // namespace melsweep::store

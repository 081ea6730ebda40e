#include "coordinator/store/migrations.h"

#include <array>
#include <cassert>
#include <string>

#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "coordinator/store/schema.h"
#include "shared/results/schema_version.h"

namespace melsweep::store {

std::span<const Migration> schema_migrations() {
  static const std::string first = std::string(kTablesV1).append(kViewsV1);
  static const std::string fourth = std::string(kTablesV4).append(kViewsV4);
  static const std::array migrations = {
      Migration{.version = 1, .sql = first},     Migration{.version = 2, .sql = kTablesV2},
      Migration{.version = 3, .sql = kTablesV3}, Migration{.version = 4, .sql = fourth},
      Migration{.version = 5, .sql = kTablesV5}, Migration{.version = 6, .sql = kTablesV6}};
  static_assert(results::kSchemaVersion == migrations.size(), "a new migration needs a new schema version");
  return migrations;
}

absl::Status migrate(SQLite::Database& database, std::span<const Migration> migrations) {
  assert(!migrations.empty());
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  const int last = migrations.back().version;
  if (version > last) {
    return absl::FailedPreconditionError(absl::StrCat("it has schema version ", version,
                                                      ", and this program knows ", last,
                                                      " at most; use the newer melsweep that wrote it"));
  }
  if (version == last) return absl::OkStatus();
  for (const Migration& migration : migrations) {
    if (migration.version > version) database.exec(std::string(migration.sql));
  }
  {
    SQLite::Statement orphans(database, "PRAGMA foreign_key_check");
    if (orphans.executeStep()) {
      return absl::InternalError(absl::StrCat(
          "bringing the schema from version ", version, " to ", last, " would leave rows of table '",
          orphans.getColumn(0).getString(), "' without the rows they refer to"));
    }
  }
  database.exec(absl::StrCat("PRAGMA application_id = ", results::kApplicationId));
  database.exec(absl::StrCat("PRAGMA user_version = ", last));
  transaction.commit();
  return absl::OkStatus();
}

}  // namespace melsweep::store

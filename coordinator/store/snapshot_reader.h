// Rows as records.
#pragma once

#include "SQLiteCpp/Database.h"
#include "absl/status/statusor.h"
#include "coordinator/store/store.h"

namespace melsweep::store {

// Everything that Store::load returns. DataLoss names the row that this program cannot read. SQLite's own
// errors are thrown as SQLite::Exception.
absl::StatusOr<Snapshot> read_snapshot(SQLite::Database& database);

}  // namespace melsweep::store

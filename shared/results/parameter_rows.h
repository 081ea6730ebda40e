// The table `parameters`.
#pragma once

#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "shared/model/ids.h"
#include "shared/model/sweep.h"

namespace melsweep::results {

// Reads the parameters of one trial after the other. SQLite's errors are thrown.
class ParameterRows {
 public:
  explicit ParameterRows(SQLite::Database& database);

  // In the author's order.
  std::vector<Parameter> of(TrialId trial);

 private:
  SQLite::Statement select_;
};

}  // namespace melsweep::results

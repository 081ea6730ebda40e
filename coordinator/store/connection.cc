#include "coordinator/store/connection.h"

namespace melsweep::store {

SQLite::Statement& Connection::prepared(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  return statements_.try_emplace(sql, database_, std::string(sql)).first->second;
}

}  // namespace melsweep::store

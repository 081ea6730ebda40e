// The database's write connection with its prepared statements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"

namespace melsweep::store {

// A record's moment as a column's: 0 stands for "not yet" in records, NULL in the database.
inline std::optional<std::int64_t> moment(std::int64_t milliseconds) {
  if (milliseconds == 0) return std::nullopt;
  return milliseconds;
}

// SQLite's errors are thrown as SQLite::Exception. Not thread-safe.
class Connection {
 public:
  explicit Connection(SQLite::Database database) : database_(std::move(database)) {}

  SQLite::Database& database() { return database_; }

  // Runs a statement that returns no rows with these values for its '?'s, and says how many rows it changed.
  // Text is not copied.
  // `sql` must be a string literal: the statement is prepared once and kept under it.
  template <class... Values>
  int run(std::string_view sql, const Values&... values) {
    SQLite::Statement& statement = prepared(sql);
    const Reset reset(statement);
    int index = 0;
    (bind(statement, ++index, values), ...);
    return statement.exec();
  }

  // The first column of the first row of such a statement; nothing where it has no row.
  template <class... Values>
  std::optional<std::int64_t> find(std::string_view sql, const Values&... values) {
    SQLite::Statement& statement = prepared(sql);
    const Reset reset(statement);
    int index = 0;
    (bind(statement, ++index, values), ...);
    if (!statement.executeStep()) return std::nullopt;
    return statement.getColumn(0).getInt64();
  }

  std::int64_t last_insert_id() const { return database_.getLastInsertRowid(); }

 private:
  // A statement must be reset even when it failed, or it would keep the values and block the next use.
  class Reset {
   public:
    explicit Reset(SQLite::Statement& statement) : statement_(statement) {}
    Reset(const Reset&) = delete;
    Reset& operator=(const Reset&) = delete;
    ~Reset() { statement_.tryReset(); }

   private:
    SQLite::Statement& statement_;
  };

  SQLite::Statement& prepared(std::string_view sql);

  static void bind(SQLite::Statement& statement, int index, std::int64_t value) {
    statement.bind(index, value);
  }
  static void bind(SQLite::Statement& statement, int index, int value) { statement.bind(index, value); }
  static void bind(SQLite::Statement& statement, int index, double value) { statement.bind(index, value); }
  static void bind(SQLite::Statement& statement, int index, const std::string& value) {
    statement.bindNoCopy(index, value);
  }
  static void bind(SQLite::Statement& statement, int index, std::string_view value) {
    statement.bind(index, std::string(value));
  }
  template <class T>
  static void bind(SQLite::Statement& statement, int index, const std::optional<T>& value) {
    if (value) {
      bind(statement, index, *value);
    } else {
      statement.bind(index);
    }
  }

  SQLite::Database database_;
  std::unordered_map<std::string_view, SQLite::Statement> statements_;
};

}  // namespace melsweep::store

// Reading the columns of a result row one after the other.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>

#include "SQLiteCpp/Column.h"
#include "SQLiteCpp/Exception.h"
#include "SQLiteCpp/Statement.h"
#include "shared/spec/names.h"

namespace melsweep::results {

// Each call takes the next column of the SELECT. A NULL reads as 0, 0.0 or empty. The statement must stand on
// a row, and stay there while the Row is used.
class Row {
 public:
  explicit Row(SQLite::Statement& statement) : statement_(statement) {}

  std::int64_t integer() { return statement_.getColumn(index_++).getInt64(); }
  int small() { return statement_.getColumn(index_++).getInt(); }
  double real() { return statement_.getColumn(index_++).getDouble(); }
  std::string text() { return statement_.getColumn(index_++).getString(); }

  // Looks at the next column without taking it.
  bool is_null() { return statement_.getColumn(index_).isNull(); }
  void skip(int columns) { index_ += columns; }

  std::optional<double> optional_real() {
    if (!is_null()) return real();
    skip(1);
    return std::nullopt;
  }

  // A word that names no enumerator gets past the columns' CHECKs only in a damaged file.
  template <class E>
  E enumerator() {
    const std::string name = text();
    const std::optional<E> value = spec::parse_name<E>(name);
    if (!value) throw SQLite::Exception("unknown word '" + name + "'", SQLITE_CORRUPT);
    return *value;
  }

 private:
  SQLite::Statement& statement_;
  int index_ = 0;
};

}  // namespace melsweep::results

#include "shared/results/view_rows.h"

#include <sqlite3.h>

#include <algorithm>

#include "SQLiteCpp/Column.h"
#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "SQLiteCpp/Transaction.h"
#include "absl/strings/str_cat.h"
#include "shared/results/database_file.h"
#include "shared/results/row.h"
#include "shared/results/sqlite_status.h"
#include "shared/results/sweep_queries.h"

namespace melsweep::results {
namespace {

constexpr char kSelectViews[] =
    "SELECT name FROM sqlite_master WHERE type = 'view'"
    " AND name NOT IN ('ranked_trials', 'all_warnings', 'finished_evaluations') ORDER BY name";

std::vector<std::string> view_names(SQLite::Database& database) {
  SQLite::Statement select(database, kSelectViews);
  std::vector<std::string> names;
  while (select.executeStep()) names.push_back(Row(select).text());
  return names;
}

std::vector<std::string> columns_of(const SQLite::Statement& select) {
  std::vector<std::string> columns;
  columns.reserve(static_cast<std::size_t>(select.getColumnCount()));
  for (int i = 0; i < select.getColumnCount(); ++i) columns.emplace_back(select.getColumnName(i));
  return columns;
}

ViewValue value_of(const SQLite::Column& column) {
  switch (column.getType()) {
    case SQLITE_INTEGER:
      return column.getInt64();
    case SQLITE_FLOAT:
      return column.getDouble();
    case SQLITE_NULL:
      return std::monostate();
    default:
      return column.getString();
  }
}

absl::Status read_view(SQLite::Database& database, const std::string& view,
                       const std::optional<SweepId>& sweep, const ViewListener& listener) {
  const std::string all = absl::StrCat("SELECT * FROM ", view);
  const std::vector<std::string> columns = columns_of(SQLite::Statement(database, all));
  const bool of_sweeps = std::ranges::find(columns, "sweep_id") != columns.end();
  SQLite::Statement select(database, sweep && of_sweeps ? absl::StrCat(all, " WHERE sweep_id = ?") : all);
  if (sweep && of_sweeps) select.bind(1, sweep->value);
  if (absl::Status status = listener.begin(view, columns); !status.ok()) return status;
  std::vector<ViewValue> row(columns.size());
  while (select.executeStep()) {
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = value_of(select.getColumn(static_cast<int>(i)));
    if (absl::Status status = listener.row(row); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status read_all(SQLite::Database& database, const std::optional<std::string>& which,
                      const ViewListener& listener) {
  std::optional<SweepId> sweep;
  if (which) {
    const absl::StatusOr<SweepId> found = resolve_sweep(database, *which);
    if (!found.ok()) return found.status();
    sweep = *found;
  }
  for (const std::string& view : view_names(database)) {
    if (absl::Status status = read_view(database, view, sweep, listener); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status read_views(const std::filesystem::path& path, const std::optional<std::string>& sweep,
                        const ViewListener& listener) {
  absl::StatusOr<SQLite::Database> database = open_read_only(path);
  if (!database.ok()) return database.status();
  try {
    const SQLite::Transaction moment(*database);
    return read_all(*database, sweep, listener);
  } catch (const SQLite::Exception& error) {
    return to_status(error, absl::StrCat("reading the results database ", path.string()));
  }
}

}  // namespace melsweep::results

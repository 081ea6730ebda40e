// Every query of docs/results-db.md runs, and every table and view is in it with all its columns.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Exception.h"
#include "SQLiteCpp/Statement.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

constexpr int kUsefulQueries = 10;

std::string page() {
  std::ifstream in("docs/results-db.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

// The texts between "```sql" and "```".
std::vector<std::string> queries(const std::string& page) {
  const std::string open = "```sql\n";
  std::vector<std::string> queries;
  for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
    at += open.size();
    queries.push_back(page.substr(at, page.find("```", at) - at));
  }
  return queries;
}

// What stands under "### `name`", up to the next heading.
std::string section(const std::string& page, const std::string& name) {
  const std::size_t start = page.find("### `" + name + "`");
  if (start == std::string::npos) return "";
  return page.substr(start, page.find("\n#", start) - start);
}

class ResultsPage : public testing::Test {
 protected:
  ResultsPage() { (void)store::open_sqlite_store(path_).value(); }

  std::vector<std::string> column(const std::string& sql) {
    SQLite::Database database(path_);
    SQLite::Statement select(database, sql);
    std::vector<std::string> values;
    while (select.executeStep()) values.push_back(select.getColumn(0).getString());
    return values;
  }

  store::TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
};

TEST_F(ResultsPage, ItsQueriesRun) {
  const std::vector<std::string> all = queries(page());
  EXPECT_GE(all.size(), kUsefulQueries);
  SQLite::Database database(path_);
  for (const std::string& sql : all) {
    try {
      SQLite::Statement(database, sql).executeStep();
    } catch (const SQLite::Exception& error) {
      ADD_FAILURE() << sql << error.what();
    }
  }
}

TEST_F(ResultsPage, ItNamesEveryColumnOfEveryTableAndView) {
  const std::string text = page();
  const std::vector<std::string> names =
      column("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'");
  EXPECT_GT(names.size(), 20);
  for (const std::string& name : names) {
    const std::string described = section(text, name);
    EXPECT_FALSE(described.empty()) << name << " has no section";
    for (const std::string& field : column("SELECT name FROM pragma_table_info('" + name + "')")) {
      EXPECT_NE(described.find("`" + field + "`"), std::string::npos) << name << "." << field;
    }
  }
}

}  // namespace
}  // namespace melsweep::results

#include "coordinator/store/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Exception.h"
#include "shared/results/schema_version.h"

namespace melsweep::store {
namespace {

using ::testing::HasSubstr;

class Migrations : public testing::Test {
 protected:
  int version() { return database_.execAndGet("PRAGMA user_version").getInt(); }

  SQLite::Database database_{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  std::array<Migration, 3> steps_ = {Migration{1, "CREATE TABLE a (x); INSERT INTO a VALUES (1)"},
                                     Migration{2, "ALTER TABLE a ADD COLUMN y DEFAULT 5"},
                                     Migration{3, "UPDATE a SET y = y + x"}};
};

TEST_F(Migrations, ANewDatabaseGetsEveryStepInOrder) {
  ASSERT_TRUE(migrate(database_, steps_).ok());
  EXPECT_EQ(version(), 3);
  EXPECT_EQ(database_.execAndGet("SELECT y FROM a").getInt(), 6);
  EXPECT_EQ(database_.execAndGet("PRAGMA application_id").getInt(), results::kApplicationId);
}

TEST_F(Migrations, AnOlderDatabaseKeepsItsRowsAndGetsTheMissingSteps) {
  ASSERT_TRUE(migrate(database_, std::span(steps_).first(1)).ok());
  database_.exec("INSERT INTO a VALUES (10)");
  ASSERT_TRUE(migrate(database_, steps_).ok());
  EXPECT_EQ(version(), 3);
  EXPECT_EQ(database_.execAndGet("SELECT sum(y) FROM a").getInt(), 6 + 15);
}

TEST_F(Migrations, ACurrentDatabaseIsLeftAlone) {
  ASSERT_TRUE(migrate(database_, steps_).ok());
  ASSERT_TRUE(migrate(database_, steps_).ok());
  EXPECT_EQ(database_.execAndGet("SELECT y FROM a").getInt(), 6);
}

TEST_F(Migrations, ANewerDatabaseIsRefused) {
  ASSERT_TRUE(migrate(database_, steps_).ok());
  const absl::Status status = migrate(database_, std::span(steps_).first(2));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("version 3"));
  EXPECT_EQ(version(), 3);
}

TEST_F(Migrations, AFailingStepTakesTheStepsBeforeItBack) {
  steps_[2].sql = "UPDATE a SET no_such_column = 1";
  EXPECT_THROW((void)migrate(database_, steps_), SQLite::Exception);
  EXPECT_EQ(version(), 0);
  EXPECT_FALSE(database_.tableExists("a"));
}

TEST_F(Migrations, AStepThatOrphansRowsIsTakenBack) {
  steps_[0].sql = "CREATE TABLE a (x INTEGER PRIMARY KEY, y); CREATE TABLE b (a_x REFERENCES a (x))";
  steps_[1].sql = "INSERT INTO b VALUES (7)";
  steps_[2].sql = "";
  const absl::Status status = migrate(database_, steps_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("'b'"));
  EXPECT_EQ(version(), 0);
}

TEST_F(Migrations, TheSchemasStepsCountUpToTheVersionThatReadersExpect) {
  int expected = 0;
  for (const Migration& migration : schema_migrations()) EXPECT_EQ(migration.version, ++expected);
  EXPECT_EQ(expected, results::kSchemaVersion);
  ASSERT_TRUE(migrate(database_, schema_migrations()).ok());
}

}  // namespace
}  // namespace melsweep::store

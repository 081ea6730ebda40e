#include "shared/results/maintenance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "SQLiteCpp/Database.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/results/database_results.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

using namespace store;  // NOLINT(google-build-using-namespace): records and the store that writes the fixture
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MaintenanceTest : public testing::Test {
 protected:
  MaintenanceTest() {
    EXPECT_TRUE(
        store_->commit(std::vector<Write>{PutSweep{sample_sweep(1)}, PutTrial{sample_trial(1, 1, 1)}}).ok());
  }

  std::filesystem::path target() const { return folder_.path() / "backup.db"; }

  // Everything in the folder that is not the database and its companions.
  std::vector<std::string> others() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with("results.db")) names.push_back(name);
    }
    return names;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "results.db";
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(MaintenanceTest, ASoundDatabaseInUseHasNoProblems) {
  const auto problems = check_database(path_);
  ASSERT_TRUE(problems.ok()) << problems.status();
  EXPECT_THAT(*problems, IsEmpty());
}

TEST_F(MaintenanceTest, ARowWithoutWhatItRefersToIsAProblem) {
  store_.reset();
  SQLite::Database(path_.string(), SQLite::OPEN_READWRITE)
      .exec("PRAGMA foreign_keys = OFF; DELETE FROM sweeps");
  const auto problems = check_database(path_);
  ASSERT_TRUE(problems.ok()) << problems.status();
  EXPECT_THAT(*problems, ElementsAre(HasSubstr("row 1 of trials refers to a row of sweeps")));
}

TEST_F(MaintenanceTest, ABackupOfADatabaseInUseIsOneFileWithTheSameRows) {
  ASSERT_TRUE(back_up_database(path_, target(), nullptr).ok());
  EXPECT_THAT(others(), ElementsAre("backup.db"));
  const auto copy = open_database(target().string());
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->sweeps()->size(), 1U);
  EXPECT_EQ((*copy)->trials(SweepId{1})->size(), 1U);
}

TEST_F(MaintenanceTest, WhatIsWrittenDuringABackupIsNotInIt) {
  int id = 1;
  const auto write_more = [&](const BackupProgress&) {
    ++id;
    EXPECT_TRUE(store_->commit(std::vector<Write>{PutSweep{sample_sweep(id, "later")}}).ok());
    return true;
  };
  // Large enough for several steps.
  for (int i = 0; i < 60; ++i) {
    SweepRecord large = sample_sweep(100 + i);
    large.yaml = std::string(200'000, '#');
    ASSERT_TRUE(store_->commit(std::vector<Write>{PutSweep{large}}).ok());
  }
  ASSERT_TRUE(back_up_database(path_, target(), write_more).ok());
  EXPECT_GT(id, 1) << "nothing was written meanwhile: the test proves nothing";
  SQLite::Database copy(target().string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(copy.execAndGet("SELECT count(*) FROM sweeps WHERE name = 'later'").getInt(), 0);
}

TEST_F(MaintenanceTest, ABackupThatIsStoppedLeavesNothing) {
  for (int i = 0; i < 60; ++i) {
    SweepRecord large = sample_sweep(100 + i);
    large.yaml = std::string(200'000, '#');
    ASSERT_TRUE(store_->commit(std::vector<Write>{PutSweep{large}}).ok());
  }
  EXPECT_TRUE(
      absl::IsCancelled(back_up_database(path_, target(), [](const BackupProgress&) { return false; })));
  EXPECT_THAT(others(), IsEmpty());
}

TEST_F(MaintenanceTest, ABackupNeverReplacesAFile) {
  std::ofstream(target()) << "mine";
  EXPECT_TRUE(absl::IsAlreadyExists(back_up_database(path_, target(), nullptr)));
  EXPECT_EQ(std::filesystem::file_size(target()), 4U);
}

TEST_F(MaintenanceTest, OnlyResultsDatabasesAreCheckedAndCopied) {
  const std::filesystem::path text = folder_.path() / "results.db.txt";
  std::ofstream(text) << "no database";
  EXPECT_FALSE(check_database(text).ok());
  EXPECT_FALSE(back_up_database(text, target(), nullptr).ok());
  EXPECT_TRUE(absl::IsNotFound(check_database(folder_.path() / "absent").status()));
}

}  // namespace
}  // namespace melsweep::results

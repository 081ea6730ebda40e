// Databases as every earlier schema left them (tests/golden/databases/vN.sql, dumped from a real one) go on
// under today's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "absl/strings/str_cat.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/results/schema_version.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::store {
namespace {

using Rows = std::vector<std::string>;

class OldDatabase : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    const std::string dump = absl::StrCat("tests/golden/databases/v", GetParam(), ".sql");
    std::ifstream file(dump);
    ASSERT_TRUE(file.is_open()) << dump << " is missing: dump a database before its schema is changed";
    SQLite::Database database(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_EQ(database.execAndGet("PRAGMA user_version").getInt(), GetParam());
  }

  Rows rows(const std::string& query) const {
    SQLite::Database database(path_, SQLite::OPEN_READONLY);
    SQLite::Statement select(database, query);
    Rows rows;
    while (select.executeStep()) {
      std::string row;
      for (int i = 0; i < select.getColumnCount(); ++i) row += select.getColumn(i).getString() + "|";
      rows.push_back(std::move(row));
    }
    return rows;
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
};

TEST_P(OldDatabase, KeepsEveryRowAndIsSoundUnderTodaysSchema) {
  const std::vector<std::string> views = {"leaderboard",   "best_run",  "trial_metrics",
                                          "class_metrics", "confusion", "misclassified"};
  std::vector<Rows> before;
  for (const std::string& view : views) before.push_back(rows("SELECT * FROM " + view));
  EXPECT_FALSE(before.front().empty());
  ASSERT_TRUE(open_sqlite_store(path_).ok());
  EXPECT_EQ(rows("PRAGMA user_version"), Rows{absl::StrCat(results::kSchemaVersion, "|")});
  EXPECT_EQ(rows("PRAGMA integrity_check"), Rows{"ok|"});
  EXPECT_EQ(rows("PRAGMA foreign_key_check"), Rows{});
  for (std::size_t i = 0; i < views.size(); ++i) {
    EXPECT_EQ(rows("SELECT * FROM " + views[i]), before[i]) << views[i];
  }
}

TEST_P(OldDatabase, TakesWhatOnlyTodaysAttemptsEndWith) {
  const auto store = open_sqlite_store(path_).value();
  AttemptRecord attempt = store->load()->attempts.front();
  attempt.state = AttemptState::kReleased;
  attempt.release_reason = ReleaseReason::kGroupDied;
  const Write write = PutAttempt{attempt};
  EXPECT_EQ(store->commit({&write, 1}), absl::OkStatus());
}

TEST_P(OldDatabase, TakesASweepThatWaits) {
  const auto store = open_sqlite_store(path_).value();
  SweepRecord sweep = sample_sweep(1000);
  sweep.state = SweepState::kWaiting;
  sweep.spec.takes = {{"first", {}}};
  sweep.study = {"study", SweepId{1}, {{SweepId{1}, 0}}};
  const Write write = PutSweep{sweep};
  EXPECT_EQ(store->commit({&write, 1}), absl::OkStatus());
  EXPECT_EQ(store->load()->sweeps.back(), sweep);
}

TEST_P(OldDatabase, TakesWhatTheTimeOfAnAttemptWentInto) {
  const auto store = open_sqlite_store(path_).value();
  EXPECT_EQ(rows("SELECT * FROM stage_times"), Rows{});
  const AttemptRef attempt = store->load()->attempts.front().ref;
  const Write write = PutStages{attempt, {{"training", 1.5, 2, 0}}};
  EXPECT_EQ(store->commit({&write, 1}), absl::OkStatus());
  EXPECT_EQ(rows("SELECT stage, seconds, made, found FROM attempt_stages"), Rows{"training|1.5|2|0|"});
}

TEST_P(OldDatabase, HasTodaysTablesAndIndices) {
  const std::string schema = "SELECT type, name FROM sqlite_master ORDER BY 1, 2";
  ASSERT_TRUE(open_sqlite_store(path_).ok());
  const Rows migrated = rows(schema);
  path_ = (folder_.path() / "new.db").string();
  ASSERT_TRUE(open_sqlite_store(path_).ok());
  EXPECT_EQ(migrated, rows(schema));
}

INSTANTIATE_TEST_SUITE_P(Schemas, OldDatabase, testing::Range(1, results::kSchemaVersion));

using OldestDatabase = OldDatabase;

TEST_P(OldestDatabase, IsLoadedWithWhatIsNewLeftOpen) {
  const Snapshot snapshot = open_sqlite_store(path_).value()->load().value();
  ASSERT_FALSE(snapshot.trials.empty());
  for (const TrialRecord& trial : snapshot.trials) {
    EXPECT_EQ(trial.key, "");
    EXPECT_EQ(trial.reused_from, TrialId{});
  }
  for (const AttemptRecord& attempt : snapshot.attempts) EXPECT_EQ(attempt.resumed_from, std::nullopt);
  for (const SweepRecord& sweep : snapshot.sweeps) EXPECT_FALSE(sweep.paused);
  for (const WorkerRecord& worker : snapshot.workers) EXPECT_FALSE(worker.draining);
  EXPECT_TRUE(snapshot.checkpoints.empty());
}

INSTANTIATE_TEST_SUITE_P(Schemas, OldestDatabase, testing::Values(1));

using DatabaseOfVersion2 = OldDatabase;

TEST_P(DatabaseOfVersion2, KeepsHowItsAttemptsEnded) {
  const std::string query =
      "SELECT trial_id, epoch, state, release_reason, resumed_from_epoch, resumed_from_step FROM attempts";
  const Rows before = rows(query);
  EXPECT_THAT(before, testing::Contains("5|1|released|drained|||"));
  EXPECT_THAT(before, testing::Contains("5|2|finished||1|1|"));
  ASSERT_TRUE(open_sqlite_store(path_).ok());
  EXPECT_EQ(rows(query), before);
}

INSTANTIATE_TEST_SUITE_P(Schemas, DatabaseOfVersion2, testing::Values(2));

using DatabaseOfVersion3 = OldDatabase;

TEST_P(DatabaseOfVersion3, KeepsItsSweepsStatesAndItsLostGroups) {
  const std::string states = "SELECT id, state, study, study_id FROM sweeps ORDER BY id";
  ASSERT_TRUE(open_sqlite_store(path_).ok());
  EXPECT_EQ(rows(states), (Rows{"1|finished|||", "2|finished|||"}));
  EXPECT_THAT(rows("SELECT trial_id, epoch, state, release_reason FROM attempts"),
              testing::Contains("1|1|released|group_died|"));
  EXPECT_EQ(rows("SELECT sweep_id, cell, trials, trials_finished, trials_failed, best_trial FROM cells WHERE "
                 "sweep_id = 1"),
            (Rows{"1|0|2|2|0|1|", "1|1|2|0|2||"}));
  EXPECT_EQ(rows("SELECT * FROM test_reads"), Rows{});
}

INSTANTIATE_TEST_SUITE_P(Schemas, DatabaseOfVersion3, testing::Values(3));

using DatabaseOfVersion4 = OldDatabase;

TEST_P(DatabaseOfVersion4, KeepsItsStudiesAndDoesNotKnowWhatItsWorkersHad) {
  const std::string takings = "SELECT sweep_id, from_sweep_id, fields, from_trial FROM takings";
  const Rows before = rows(takings);
  EXPECT_THAT(before, testing::Contains("2|1|[\"training.learning_rate\"]|2|"));
  const Snapshot snapshot = open_sqlite_store(path_).value()->load().value();
  EXPECT_EQ(rows(takings), before);
  EXPECT_EQ(rows("SELECT id, gpus, gpu_memory, cpus, labels FROM workers"), Rows{"worker-0|0|0|0|[]|"});
  ASSERT_EQ(snapshot.workers.size(), 1U);
  EXPECT_EQ(snapshot.workers.front().resources, WorkerResources{});
}

INSTANTIATE_TEST_SUITE_P(Schemas, DatabaseOfVersion4, testing::Values(4));

using DatabaseOfVersion5 = OldDatabase;

TEST_P(DatabaseOfVersion5, KeepsWhatItsWorkersHadAndItsGroup) {
  const std::string groups = "SELECT count(*), count(DISTINCT request) FROM attempts WHERE request <> ''";
  EXPECT_EQ(rows(groups), Rows{"2|1|"});
  const Snapshot snapshot = open_sqlite_store(path_).value()->load().value();
  EXPECT_EQ(rows(groups), Rows{"2|1|"});
  ASSERT_EQ(snapshot.workers.size(), 1U);
  EXPECT_EQ(snapshot.workers.front().resources, (WorkerResources{.cpus = 1, .labels = {"fast"}}));
}

INSTANTIATE_TEST_SUITE_P(Schemas, DatabaseOfVersion5, testing::Values(5));

}  // namespace
}  // namespace melsweep::store

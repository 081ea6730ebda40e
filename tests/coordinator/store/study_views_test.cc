// The views of cells and of looks at the test part, over databases with known contents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StudyViews : public testing::Test {
 protected:
  void add(const std::vector<Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  void add_sweep(std::int64_t id, const std::string& name, const std::string& data = "c0ffee") {
    DatasetReport report = sample_dataset();
    report.content_hash = data;
    add({PutWorker{sample_worker()}, PutSweep{sample_sweep(id, name)}, PutDataset{SweepId{id}, report}});
  }

  // Its id is 10 * sweep + number.
  TrialRecord trial(std::int64_t sweep, std::int64_t number, std::int64_t cell,
                    std::optional<double> objective) {
    TrialRecord trial = sample_trial(10 * sweep + number, sweep, number);
    trial.cell.index = cell;
    trial.cell.parameters = {{.name = "learning_rate", .value = 0.25 * static_cast<double>(cell + 1)}};
    if (objective) {
      trial.state = TrialState::kFinished;
      trial.epoch = 1;
      trial.objective = objective;
      trial.finished_ms = 1'760'000'005'250;
    }
    return trial;
  }

  // A trial that was evaluated on this part at this second.
  void evaluate(const TrialRecord& record, Split split, std::int64_t second) {
    AttemptRecord attempt = sample_attempt(record.id.value, 1);
    attempt.state = AttemptState::kFinished;
    attempt.ended_ms = 1'760'000'000'000 + 1000 * second;
    Evaluation evaluation = sample_evaluation();
    evaluation.split = split;
    add({PutTrial{record}, PutAttempt{attempt}, PutEvaluation{attempt.ref, evaluation}});
  }

  std::vector<std::string> rows(const std::string& query) const {
    SQLite::Database database(path_, SQLite::OPEN_READONLY);
    SQLite::Statement select(database, query);
    std::vector<std::string> rows;
    while (select.executeStep()) {
      std::string row;
      for (int i = 0; i < select.getColumnCount(); ++i)
        row += (i > 0 ? "|" : "") + select.getColumn(i).getString();
      rows.push_back(std::move(row));
    }
    return rows;
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(StudyViews, ACellHasTheMeanAndTheSpreadOfItsTrials) {
  add_sweep(1, "grid");
  add({PutTrial{trial(1, 1, 0, 0.5)}, PutTrial{trial(1, 2, 0, 0.75)}, PutTrial{trial(1, 3, 1, 0.875)},
       PutTrial{trial(1, 4, 1, 0.625)}});
  EXPECT_THAT(
      rows("SELECT rank, cell, parameters, objective_mean, round(objective_deviation, 6), objective_min,"
           " objective_max, trials, trials_finished, trials_failed, trials_open, best_trial, parameters_json"
           " FROM cells ORDER BY rank"),
      ElementsAre("1|1|learning_rate=0.5|0.75|0.176777|0.625|0.875|2|2|0|0|3|{\"learning_rate\":0.5}",
                  "2|0|learning_rate=0.25|0.625|0.176777|0.5|0.75|2|2|0|0|2|{\"learning_rate\":0.25}"));
}

TEST_F(StudyViews, ACellOfOneTrialHasNoSpreadAndOneWithAFailedTrialNoMean) {
  add_sweep(1, "grid");
  TrialRecord failed = trial(1, 3, 1, std::nullopt);
  failed.state = TrialState::kFailed;
  add({PutTrial{trial(1, 1, 0, 0.5)}, PutTrial{trial(1, 2, 1, 0.875)}, PutTrial{failed},
       PutTrial{trial(1, 4, 2, std::nullopt)}});
  EXPECT_THAT(rows("SELECT rank, cell, objective_mean, objective_deviation, objective_min, objective_max,"
                   " trials_finished, trials_failed, trials_open, best_trial FROM cells ORDER BY rank"),
              ElementsAre("1|0|0.5||0.5|0.5|1|0|0|1", "2|1|||||1|1|0|2", "3|2|||||0|0|1|"));
}

TEST_F(StudyViews, LooksAtTheTestPartAreCountedForEachDataSet) {
  add_sweep(1, "one");
  add_sweep(2, "two");
  add_sweep(3, "elsewhere", "5ea");
  evaluate(trial(2, 1, 0, 0.25), Split::kTest, 20);
  evaluate(trial(1, 1, 0, 0.5), Split::kTest, 10);
  evaluate(trial(1, 2, 1, 0.5), Split::kValidation, 5);
  evaluate(trial(3, 1, 0, 0.75), Split::kTest, 30);
  EXPECT_THAT(
      rows("SELECT data_hash, look, sweep, trial, read_at, objective FROM test_reads ORDER BY data_hash, "
           "look"),
      ElementsAre("5ea|1|elsewhere|1|2025-10-09T08:53:50Z|0.75", "c0ffee|1|one|1|2025-10-09T08:53:30Z|0.5",
                  "c0ffee|2|two|1|2025-10-09T08:53:40Z|0.25"));
}

TEST_F(StudyViews, AResultThatWasTakenOverIsNoLook) {
  add_sweep(1, "one");
  add_sweep(2, "again");
  evaluate(trial(1, 1, 0, 0.5), Split::kTest, 10);
  TrialRecord reused = trial(2, 1, 0, 0.5);
  reused.reused_from = TrialId{11};
  evaluate(reused, Split::kTest, 10);
  EXPECT_THAT(rows("SELECT look, sweep FROM test_reads"), ElementsAre("1|one"));
}

TEST_F(StudyViews, ASecondLookIsAWarningOfItsTrialAndOfNoOther) {
  add_sweep(1, "one");
  add_sweep(2, "two");
  evaluate(trial(1, 1, 0, 0.5), Split::kTest, 10);
  evaluate(trial(2, 1, 0, 0.25), Split::kTest, 20);
  const std::string known = "one recording is on both sides of the split";
  EXPECT_THAT(rows("SELECT warnings FROM best_run WHERE sweep = 'one'"), ElementsAre(known));
  EXPECT_THAT(
      rows("SELECT warnings FROM leaderboard WHERE sweep = 'two'"),
      ElementsAre(known + "; the test part of this data has now been looked at 2 times: sweep 1 (one) at "
                          "2025-10-09T08:53:30Z, sweep 2 (two) at 2025-10-09T08:53:40Z; what is chosen by it "
                          "is no longer an honest result"));
}

}  // namespace
}  // namespace melsweep::store

// The ledger of a sweep and of the final training of its winner, whole and damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/results/verification.h"
#include "shared/spec/cells.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

using namespace store;  // NOLINT(google-build-using-namespace): records and the store that writes the fixture

// Sweep 1 has four trials, the second of which wins; sweep 2 trains with its settings, and is tested.
class StudyLedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    SweepRecord grid = sample_sweep(1, "grid");
    grid.study = {"study", SweepId{1}, {}};
    finish(grid);
    SweepRecord final = sample_sweep(2, "grid-final");
    final.study = {"study", SweepId{1}, {{SweepId{1}, 2}}};
    final.spec.parameters.clear();
    final.spec.takes = {{"grid", {"training.batch_size", "training.learning_rate"}}};
    final.spec.evaluate = Split::kTest;
    final.spec.objective.metric = "test/accuracy";
    final.spec.dataset.split.cross_validation = true;
    const TrainingSettings winner = spec::grid_cell(grid.spec, 1).settings.training;
    final.spec.base.training.batch_size = winner.batch_size;
    final.spec.base.training.learning_rate = winner.learning_rate;
    finish(final);
  }

  void add(const std::vector<Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  void finish(SweepRecord sweep) {
    sweep.spec.base.training.steps = 1000;
    sweep.state = SweepState::kFinished;
    sweep.finished_ms = sweep.created_ms + 1000;
    DatasetReport report = sample_dataset();
    report.clips.push_back(report.clips.back());
    report.clips.back().id = "fold10/c.wav";
    report.clips.back().split = Split::kTest;
    if (sweep.spec.dataset.split.cross_validation) report.validation_folds = {1, 2, 3};
    add({PutSweep{sweep}, PutWorker{sample_worker()},
         PutPreparation{sample_preparation(sweep.id.value, AttemptState::kFinished, "worker-1")},
         PutDataset{sweep.id, report}});
    for (std::int64_t number = 1; number <= spec::grid_size(sweep.spec); ++number)
      finish_trial(sweep, number);
  }

  void finish_trial(const SweepRecord& sweep, std::int64_t number) {
    const bool tests = sweep.spec.evaluate == Split::kTest;
    TrialRecord trial = sample_trial(10 * sweep.id.value + number, sweep.id.value, number);
    trial.cell = spec::grid_cell(sweep.spec, number - 1);
    trial.state = TrialState::kFinished;
    trial.epoch = 1;
    trial.objective = number == 2 || tests ? 0.9 : 0.5;
    AttemptRecord attempt = sample_attempt(trial.id.value, 1);
    attempt.state = AttemptState::kFinished;
    attempt.ended_ms = 1'760'000'008'000;
    attempt.checkpoint = Checkpoint{.step = 1000, .path = "/data/head", .sha256 = "ab"};
    std::vector<MetricPoint> points = {{500, "train/loss", 0.3}, {1000, "train/loss", 0.3}};
    if (!tests) points.push_back({500, "validation/accuracy", 0.5});
    points.push_back({1000, tests ? "test/accuracy" : "validation/accuracy", *trial.objective});
    Evaluation evaluation = sample_evaluation();
    evaluation.predictions.pop_back();
    if (tests) {
      evaluation.split = Split::kTest;
      evaluation.predictions = {{"fold10/c.wav", 1, 1, {0.2F, 0.8F}}};
    }
    add({PutTrial{trial}, PutAttempt{attempt}, AddMetrics{attempt.ref, points},
         PutEvaluation{attempt.ref, evaluation}});
  }

  std::vector<std::string> violations() {
    std::vector<std::string> found;
    for (const char* sweep : {"1", "2"}) {
      const auto verified = verify_sweep(path_, sweep);
      EXPECT_TRUE(verified.ok()) << verified.status();
      for (const Violation& violation : verified->violations)
        found.push_back(violation.rule + ": " + violation.detail);
    }
    return found;
  }

  // Behind the store's back, as a bug or a text editor would.
  void break_with(const std::string& sql) {
    store_.reset();
    SQLite::Database database(path_, SQLite::OPEN_READWRITE);
    database.exec("PRAGMA foreign_keys = OFF");
    database.exec(sql);
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(StudyLedgerTest, AWholeLedgerHasNoViolations) {
  EXPECT_THAT(violations(), testing::IsEmpty());
}

struct Damage {
  std::string sql;
  std::string violation;
};
void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.sql;
}

class DamagedStudyLedgerTest : public StudyLedgerTest, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedStudyLedgerTest, IsFoundByItsRule) {
  break_with(GetParam().sql);
  EXPECT_THAT(violations(), testing::Contains(testing::StartsWith(GetParam().violation)));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DamagedStudyLedgerTest,
    testing::Values(
        Damage{"UPDATE takings SET from_trial = 1",
               "taken-from: the settings taken over are those of trial 1 of sweep 1"},
        Damage{
            "UPDATE trials SET settings = json_set(settings, '$.training.batch_size', 51) WHERE sweep_id = 2",
            "taken-settings: training.batch_size is 51, and the winner it is taken from has 200"},
        Damage{"DELETE FROM evaluations WHERE trial_id = 21",
               "evaluated-once: the finished attempt has 0 evaluations"},
        Damage{"DELETE FROM predictions WHERE clip = 'fold10/c.wav'",
               "predictions: 0 test clips have a prediction, of 1"},
        Damage{"UPDATE metrics SET step = 500 WHERE name_id = (SELECT id FROM metric_names WHERE name = "
               "'test/accuracy')",
               "metrics-complete: test/accuracy has 1 points up to step 500"},
        Damage{"UPDATE trials SET sweep_id = 2, number = 2 WHERE id = 14",
               "one-test: the sweep is evaluated on the test part, and has 2 trials"}));

}  // namespace
}  // namespace melsweep::results

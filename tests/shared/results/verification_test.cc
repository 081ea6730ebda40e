// A whole ledger passes; each way of breaking one row of it is found by the rule that is meant for it.
#include "shared/results/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/spec/cells.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

using namespace store;  // NOLINT(google-build-using-namespace): records and the store that writes the fixture
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One finished sweep of four cells; trial 2 needed a second attempt.
class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    SweepRecord sweep = sample_sweep(1);
    sweep.spec.base.training.steps = 1000;
    sweep.spec.base.training.evaluate_every = 300;
    sweep.yaml = spec::to_yaml(sweep.spec);
    sweep.state = SweepState::kFinished;
    sweep.finished_ms = sweep.created_ms + 1000;
    add({PutSweep{sweep}, PutWorker{sample_worker()},
         PutPreparation{sample_preparation(1, AttemptState::kFinished, "worker-1")},
         PutDataset{SweepId{1}, sample_dataset()}});
    for (std::int64_t number = 1; number <= 4; ++number) add_trial(sweep.spec, number);
  }

  void add(const std::vector<Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  void add_trial(const SweepSpec& spec, std::int64_t number) {
    TrialRecord trial = sample_trial(number, 1, number);
    trial.cell = spec::grid_cell(spec, number - 1);
    trial.state = TrialState::kFinished;
    trial.epoch = number == 2 ? 2 : 1;
    trial.failed_attempts = trial.epoch - 1;
    trial.objective = 0.9;
    trial.finished_ms = 1'760'000'009'000;
    add({PutTrial{trial}});
    if (number == 2) {
      AttemptRecord lost = sample_attempt(number, 1);
      lost.state = AttemptState::kLost;
      lost.failure = Failure{FailureKind::kInternal, "the worker was not heard of"};
      add({PutAttempt{lost}, AddMetrics{lost.ref, {{300, "validation/accuracy", 0.1}}}});
    }
    AttemptRecord attempt = sample_attempt(number, trial.epoch);
    attempt.state = AttemptState::kFinished;
    attempt.ended_ms = 1'760'000'008'000;
    attempt.checkpoint = Checkpoint{.step = 1000, .path = "/data/head", .sha256 = "ab"};
    Evaluation evaluation = sample_evaluation();
    evaluation.predictions.pop_back();
    std::vector<MetricPoint> points;
    for (const std::int64_t step : {300, 600, 900, 1000}) {
      points.push_back({step, "validation/accuracy", step == 1000 ? 0.9 : 0.5});
      points.push_back({step, "train/loss", 0.3});
    }
    add({PutAttempt{attempt}, AddMetrics{attempt.ref, points}, PutEvaluation{attempt.ref, evaluation}});
  }

  Verification verified() {
    auto found = verify_sweep(path_, "last");
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *std::move(found) : Verification();
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

TEST_F(LedgerTest, AWholeLedgerHasNoViolations) {
  const Verification found = verified();
  for (const Violation& violation : found.violations)
    ADD_FAILURE() << violation.rule << ": " << violation.detail;
  EXPECT_EQ(found.cells, 4);
  EXPECT_EQ(found.sweep.trials_total, 4);
  EXPECT_EQ(found.attempts, 5);
  EXPECT_EQ(found.metrics, 32);
  EXPECT_TRUE(found.has_ended);
}

TEST_F(LedgerTest, OfACancelledSweepMayLackItsLastTrialsAndNoOthers) {
  break_with("UPDATE sweeps SET state = 'cancelled'; DELETE FROM trials WHERE number > 2");
  const auto is_of_the_grid = [](const Violation& violation) { return violation.rule == "grid"; };
  EXPECT_TRUE(std::ranges::none_of(verified().violations, is_of_the_grid));
  break_with("DELETE FROM trials WHERE number = 1");
  EXPECT_TRUE(std::ranges::any_of(verified().violations, is_of_the_grid));
}

TEST_F(LedgerTest, NamesWhatItDoesNotFind) {
  EXPECT_TRUE(absl::IsNotFound(verify_sweep(path_, "nothing").status()));
  EXPECT_TRUE(absl::IsNotFound(verify_sweep(path_ + "x", "last").status()));
}

struct Damage {
  std::string sql;
  std::string rule;
  std::string detail;
};
void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.rule << ": " << damage.sql;
}

class DamagedLedgerTest : public LedgerTest, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedLedgerTest, IsFoundByItsRule) {
  break_with(GetParam().sql);
  const Verification found = verified();
  const auto& violations = found.violations;
  const bool is_named = std::any_of(violations.begin(), violations.end(), [](const Violation& violation) {
    return violation.rule == GetParam().rule && violation.detail.find(GetParam().detail) != std::string::npos;
  });
  EXPECT_TRUE(is_named) << violations.size() << " violations, the first: "
                        << (violations.empty() ? "" : violations[0].rule + ": " + violations[0].detail);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DamagedLedgerTest,
    testing::Values(
        Damage{"DELETE FROM trials WHERE number = 3", "grid", "cell 2, seed 0 has 0 trials"},
        Damage{"UPDATE trials SET cell = 0 WHERE number = 3", "grid", "cell 0, seed 0 has 2 trials"},
        Damage{"UPDATE trials SET seed = 7 WHERE number = 3", "grid",
               "cell 2, seed 7 is not in the search space"},
        Damage{"UPDATE trials SET number = 9 WHERE number = 4", "trial-numbers", "number 9 at place 4"},
        Damage{"UPDATE trials SET state = 'pending' WHERE number = 3", "open-after-end",
               "the trial is pending"},
        Damage{"UPDATE attempts SET state = 'running' WHERE trial_id = 2 AND epoch = 1", "running-attempts",
               "has 1 running"},
        Damage{"UPDATE attempts SET state = 'released' WHERE trial_id = 1", "finished-once",
               "has 0 finished"},
        Damage{"UPDATE trials SET epoch = 3 WHERE number = 2", "last-attempt-finished",
               "attempt 3 was made after"},
        Damage{"DELETE FROM attempts WHERE trial_id = 2 AND epoch = 1", "fencing-numbers",
               "the attempts are 2"},
        Damage{"UPDATE trials SET failed_attempts = 0 WHERE number = 2", "failed-attempts",
               "0 failed attempts"},
        Damage{"UPDATE attempts SET failure = NULL, failure_kind = NULL WHERE epoch = 1", "reasons",
               "says no reason"},
        Damage{"DELETE FROM metrics WHERE trial_id = 1 AND step = 600", "metrics-complete", "has 3 points"},
        Damage{"DELETE FROM metrics WHERE trial_id = 1 AND step = 1000", "metrics-complete",
               "up to step 900"},
        Damage{"UPDATE metrics SET step = 601 WHERE trial_id = 1 AND step = 600", "metrics-complete",
               "4 points"},
        Damage{"UPDATE trials SET objective = 0.95 WHERE number = 1", "objective", "0.95"},
        Damage{"DELETE FROM predictions WHERE clip = 'fold9/a.wav'", "predictions",
               "1 validation clips have a prediction, of 2"},
        Damage{"UPDATE attempts SET checkpoint = NULL, checkpoint_step = NULL, checkpoint_sha256 = NULL",
               "checkpoint", "has no checkpoint"},
        Damage{"UPDATE attempts SET resumed_from_epoch = 2, resumed_from_step = 5 WHERE trial_id = 2 AND "
               "epoch = 2",
               "resumed-from", "not an earlier one"},
        Damage{"UPDATE trials SET reused_from = 1, key = 'other' WHERE number = 4", "reused-from",
               "not the same"},
        Damage{"INSERT INTO checkpoints VALUES (1, 1, 500, '/artifacts/step-500', 'ab')", "checkpoints-left",
               "has 1 checkpoints"},
        Damage{"INSERT INTO attempt_stages VALUES (2, 1, 'training', 1.5, 1000, 0)", "stage-times",
               "attempt 1 says what its time went into, and is lost"}));

}  // namespace
}  // namespace melsweep::results

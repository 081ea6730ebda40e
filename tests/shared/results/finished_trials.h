// A database with finished trials of a small sweep, for tests of what is read out of it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {

// Sweep 1, on clips of two classes.
class FinishedTrials : public testing::Test {
 protected:
  void SetUp() override {
    add({store::PutSweep{store::sample_sweep(1)}, store::PutDataset{SweepId{1}, store::sample_dataset()},
         store::PutWorker{store::sample_worker()}});
  }

  void add(const std::vector<store::Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  // `predictions`: of validation clips, sorted by clip.
  void finish(std::int64_t number, const std::vector<Parameter>& parameters, double objective,
              const std::vector<Prediction>& predictions) {
    TrialRecord trial = store::sample_trial(number, 1, number);
    trial.cell.parameters = parameters;
    trial.state = TrialState::kFinished;
    trial.epoch = 1;
    trial.objective = objective;
    trial.finished_ms = 1'760'000'009'000;
    AttemptRecord attempt = store::sample_attempt(number, 1);
    attempt.state = AttemptState::kFinished;
    attempt.ended_ms = 1'760'000'008'000;
    attempt.checkpoint = Checkpoint{.step = 1000, .path = "/artifacts", .sha256 = "ab"};
    Evaluation evaluation = store::sample_evaluation();
    evaluation.predictions = predictions;
    add({store::PutTrial{trial}, store::PutAttempt{attempt}, store::PutEvaluation{attempt.ref, evaluation},
         store::AddMetrics{attempt.ref,
                           {{500, "validation/accuracy", 0.1}, {1000, "validation/accuracy", objective}}}});
  }

  // A car horn (class 0) or siren (1) taken for `predicted`, with this probability of it.
  static Prediction said(const std::string& clip, int truth, int predicted, float probability) {
    const std::vector<float> probabilities = predicted == 0
                                                 ? std::vector<float>{probability, 1.0F - probability}
                                                 : std::vector<float>{1.0F - probability, probability};
    return {.clip = clip, .true_class = truth, .predicted_class = predicted, .probabilities = probabilities};
  }

  store::TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<store::Store> store_ = store::open_sqlite_store(path_).value();
};

}  // namespace melsweep::results

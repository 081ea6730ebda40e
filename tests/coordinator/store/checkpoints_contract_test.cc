// What both stores promise of checkpoints and of what is inherited through them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/store_contract.h"

namespace melsweep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CheckpointsContract : public StoreContract {
 protected:
  // Trial 11 as start_a_trial() has it, its first attempt lost at step 1000, its second running.
  void start_again() {
    start_a_trial();
    AttemptRecord lost = sample_attempt(11, 1);
    lost.state = AttemptState::kLost;
    commit_ok({AddMetrics{kFirstAttempt, {{500, kMetric, 0.5}, {1000, kMetric, 0.6}, {1500, kMetric, 0.7}}},
               PutAttempt{lost}, PutAttempt{sample_attempt(11, 2)}});
  }

  static constexpr char kMetric[] = "validation/accuracy";
  const AttemptRef second_{.trial = TrialId{11}, .epoch = 2};
};

CheckpointRecord checkpoint_of(const AttemptRef& attempt, std::int64_t step,
                               const std::string& sha256 = "aa") {
  return {attempt, {.step = step, .path = "/artifacts/step-" + std::to_string(step), .sha256 = sha256}};
}

TEST_P(CheckpointsContract, CheckpointsComeBackInOrderUntilTheyAreDropped) {
  start_again();
  const CheckpointRecord first = checkpoint_of(kFirstAttempt, 1000);
  const CheckpointRecord later = checkpoint_of(second_, 700);
  commit_ok({PutCheckpoint{later}, PutCheckpoint{first}});
  EXPECT_THAT(load().checkpoints, ElementsAre(first, later));
  commit_ok({PutCheckpoint{checkpoint_of(second_, 700, "bb")}, DropCheckpoint{kFirstAttempt, 1000},
             DropCheckpoint{kFirstAttempt, 1000}});
  EXPECT_THAT(load().checkpoints, ElementsAre(checkpoint_of(second_, 700, "bb")));
}

TEST_P(CheckpointsContract, ACheckpointOfNoAttemptIsRefused) {
  start_a_trial();
  EXPECT_EQ(commit({PutCheckpoint{checkpoint_of(second_, 1)}}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(load().checkpoints, IsEmpty());
}

TEST_P(CheckpointsContract, WhatWasMeasuredBeforeTheStepIsInherited) {
  start_again();
  commit_ok({InheritMetrics{second_, {1, 1500}}});
  EXPECT_THAT(subject_->metrics(second_),
              ElementsAre(MetricPoint{500, kMetric, 0.5}, MetricPoint{1000, kMetric, 0.6}));
  commit_ok({InheritMetrics{second_, {1, 1500}}, AddMetrics{second_, {{1500, kMetric, 0.7}}}});
  EXPECT_THAT(subject_->metrics(second_),
              ElementsAre(MetricPoint{500, kMetric, 0.5}, MetricPoint{1000, kMetric, 0.6},
                          MetricPoint{1500, kMetric, 0.7}));
  EXPECT_EQ(subject_->metrics(kFirstAttempt).size(), 3);
}

TEST_P(CheckpointsContract, AnInheritedObjectiveIsNotTheAttemptsOwn) {
  start_again();
  AttemptRecord resumed = sample_attempt(11, 2);
  resumed.resumed_from = ResumePoint{1, 1500};
  commit_ok({PutAttempt{resumed}, InheritMetrics{second_, {1, 1500}}});
  EXPECT_THAT(load().objectives, IsEmpty());
  commit_ok({AddMetrics{second_, {{1500, kMetric, 0.7}}}});
  EXPECT_THAT(load().objectives, ElementsAre(Snapshot::ObjectivePoint{second_, {1500, kMetric, 0.7}}));
}

TEST_P(CheckpointsContract, AResultIsGivenToATrialOfAnotherSweep) {
  start_a_trial();
  AttemptRecord finished = sample_attempt(11, 1);
  finished.state = AttemptState::kFinished;
  commit_ok({AddMetrics{kFirstAttempt, {{500, kMetric, 0.5}, {1000, kMetric, 0.6}}}, PutAttempt{finished},
             PutEvaluation{kFirstAttempt, sample_evaluation()}});
  TrialRecord other = sample_trial(12, 2, 1);
  other.state = TrialState::kFinished;
  other.epoch = 1;
  other.reused_from = TrialId{11};
  finished.ref.trial = other.id;
  commit_ok({PutSweep{sample_sweep(2)}, PutTrial{other}, PutAttempt{finished},
             CopyResult{finished.ref, kFirstAttempt}});
  EXPECT_EQ(subject_->metrics(finished.ref), subject_->metrics(kFirstAttempt));
  EXPECT_EQ(subject_->predictions(finished.ref), sample_evaluation().predictions.size());
}

INSTANTIATE_TEST_SUITE_P(Stores, CheckpointsContract, kEveryStore, name_of_store);

}  // namespace
}  // namespace melsweep::store

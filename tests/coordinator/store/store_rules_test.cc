// What every store must refuse, and take back whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "tests/coordinator/store/store_contract.h"

namespace melsweep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreRules : public StoreContract {};

TEST_P(StoreRules, AFailingWriteTakesTheWholeCommitBack) {
  start_a_trial();
  const Snapshot before = load();
  SweepRecord changed = sample_sweep(1);
  changed.state = SweepState::kCancelled;
  TrialRecord renumbered = sample_trial(11, 1, 5);
  const absl::Status status = commit(
      {PutSweep{changed}, PutSweep{sample_sweep(2)}, PutTrial{renumbered}, PutTrial{sample_trial(12, 1, 2)},
       AddMetrics{kFirstAttempt, {{1, "validation/accuracy", 0.5}}}, PutDataset{SweepId{1}, sample_dataset()},
       PutEvaluation{kFirstAttempt, sample_evaluation()}, PutTrial{sample_trial(13, 99, 1)}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_EQ(load(), before);
  EXPECT_THAT(subject_->metrics(kFirstAttempt), IsEmpty());
  commit_ok({PutTrial{sample_trial(14, 1, 5)}});  // the number that was taken for a moment is free
}

struct Refusal {
  std::string what;
  Write write;
  absl::StatusCode code;
};

std::vector<Refusal> refusals() {
  using enum absl::StatusCode;
  const AttemptRef unknown{.trial = TrialId{11}, .epoch = 9};
  TrialRecord twice = sample_trial(12, 1, 2);
  twice.cell.parameters = {{.name = "a", .value = 1.0}, {.name = "a", .value = 2.0}};
  TrialRecord infinite = sample_trial(12, 1, 2);
  infinite.cell.parameters = {{.name = "a", .value = std::numeric_limits<double>::infinity()}};
  SweepRecord same_request = sample_sweep(2);
  same_request.request = sample_sweep(1).request;
  DatasetReport clip_twice = sample_dataset();
  clip_twice.clips.push_back(clip_twice.clips.front());
  DatasetReport no_such_class = sample_dataset();
  no_such_class.clips.front().class_index = 2;
  Evaluation outside = sample_evaluation();
  outside.predictions.front().predicted_class = -1;
  Evaluation predicted_twice = sample_evaluation();
  predicted_twice.predictions.push_back(predicted_twice.predictions.front());
  return {{"sweep 0", PutSweep{sample_sweep(0)}, kInvalidArgument},
          {"one request, two sweeps", PutSweep{same_request}, kFailedPrecondition},
          {"trial of no sweep", PutTrial{sample_trial(12, 2, 2)}, kFailedPrecondition},
          {"trial 0", PutTrial{sample_trial(0, 1, 2)}, kInvalidArgument},
          {"two trials of one number", PutTrial{sample_trial(12, 1, 1)}, kFailedPrecondition},
          {"a parameter twice", PutTrial{twice}, kInvalidArgument},
          {"an infinite parameter", PutTrial{infinite}, kInvalidArgument},
          {"state of no trial", PutTrialState{.trial = TrialId{99}, .objective = {}}, kFailedPrecondition},
          {"state of trial 0", PutTrialState{}, kInvalidArgument},
          {"cancelled trials of sweep 0", CancelPendingTrials{}, kInvalidArgument},
          {"attempt of no trial", PutAttempt{sample_attempt(99, 1)}, kFailedPrecondition},
          {"attempt of no worker", PutAttempt{sample_attempt(11, 2, "nobody")}, kFailedPrecondition},
          {"attempt 0", PutAttempt{sample_attempt(11, 0)}, kInvalidArgument},
          {"worker without id", PutWorker{sample_worker("")}, kInvalidArgument},
          {"data of no sweep", PutDataset{SweepId{2}, sample_dataset()}, kFailedPrecondition},
          {"a clip twice", PutDataset{SweepId{1}, clip_twice}, kInvalidArgument},
          {"a clip of no class", PutDataset{SweepId{1}, no_such_class}, kInvalidArgument},
          {"preparation of no sweep", PutPreparation{sample_preparation(2, AttemptState::kReleased)},
           kFailedPrecondition},
          {"preparation by nobody", PutPreparation{sample_preparation(1, AttemptState::kRunning, "nobody")},
           kFailedPrecondition},
          {"metrics of no attempt", AddMetrics{unknown, {{1, "m", 0.5}}}, kFailedPrecondition},
          {"warning of a sweep without data", AddWarning{SweepId{1}, "odd"}, kFailedPrecondition},
          {"warning of sweep 0", AddWarning{SweepId{0}, "odd"}, kInvalidArgument},
          {"evaluation of no attempt", PutEvaluation{unknown, sample_evaluation()}, kFailedPrecondition},
          {"a prediction of no class", PutEvaluation{kFirstAttempt, outside}, kInvalidArgument},
          {"a prediction twice", PutEvaluation{kFirstAttempt, predicted_twice}, kInvalidArgument}};
}

TEST_P(StoreRules, RefusesWhatBreaksItsRules) {
  start_a_trial();
  const Snapshot before = load();
  for (const Refusal& refusal : refusals()) {
    EXPECT_EQ(commit({refusal.write}).code(), refusal.code) << refusal.what;
    EXPECT_EQ(load(), before) << refusal.what;
  }
}

TEST_P(StoreRules, OneAttemptOfATrialFinishes) {
  start_a_trial();
  AttemptRecord first = sample_attempt(11, 1);
  first.state = AttemptState::kFinished;
  AttemptRecord second = sample_attempt(11, 2);
  second.state = AttemptState::kFinished;
  commit_ok({PutAttempt{first}});
  commit_ok({PutAttempt{first}});
  EXPECT_EQ(commit({PutAttempt{second}}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_P(StoreRules, ManyRecordsInOneCommit) {
  constexpr int kTrials = 1000;
  std::vector<Write> writes{PutSweep{sample_sweep(1)}, PutWorker{sample_worker()}};
  for (int number = 1; number <= kTrials; ++number) {
    writes.emplace_back(PutTrial{sample_trial(number, 1, number)});
    writes.emplace_back(PutAttempt{sample_attempt(number, 1)});
    writes.emplace_back(AddMetrics{{TrialId{number}, 1}, {{100, "validation/accuracy", 1.0 / number}}});
  }
  commit_ok(std::move(writes));
  const Snapshot snapshot = load();
  ASSERT_EQ(snapshot.trials.size(), kTrials);
  EXPECT_EQ(snapshot.trials.back(), sample_trial(kTrials, 1, kTrials));
  EXPECT_EQ(snapshot.objectives.back().point.value, 1.0 / kTrials);
}

TEST_P(StoreRules, LongTextComesBackWhole) {
  SweepRecord sweep = sample_sweep(1);
  sweep.reason = std::string(1 << 20, 'x') + std::string("\0after a zero byte", 18);
  commit_ok({PutSweep{sweep}});
  EXPECT_EQ(load().sweeps.front().reason, sweep.reason);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreRules, kEveryStore, name_of_store);

}  // namespace
}  // namespace melsweep::store

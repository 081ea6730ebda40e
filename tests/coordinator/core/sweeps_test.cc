#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

TEST(Submission, IsWrittenBeforeItIsAcknowledged) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.submit(sweep_of(2));
  EXPECT_EQ(sweep, SweepId{1});
  ASSERT_FALSE(coordinator.last_writes().empty());
  const auto& write = std::get<store::PutSweep>(coordinator.last_writes().front());
  EXPECT_EQ(write.sweep.state, SweepState::kPreparing);
  EXPECT_EQ(write.sweep.yaml, "yaml");
  EXPECT_EQ(write.sweep.created_ms, 1'700'000'000'000);
}

TEST(Submission, RepeatedGivesTheSameSweepWithoutWrites) {
  Coordinator coordinator;
  const SweepId first = coordinator.submit(sweep_of(2), "one");
  EXPECT_EQ(coordinator.submit(sweep_of(2), "one"), first);
  EXPECT_TRUE(coordinator.last_writes().empty());
  EXPECT_NE(coordinator.submit(sweep_of(2), "two"), first);
}

// The answer to a submission that may go on with an unfinished sweep.
SweepId submit_to_continue(Coordinator& coordinator, const std::string& request,
                           const std::string& yaml = "yaml") {
  return coordinator.ask<Submitted>(SweepSubmitted{{}, {request}, sweep_of(1), yaml, true}).sweeps.front();
}

TEST(Submission, ThatMayContinueGetsTheUnfinishedSweepOfTheSameYaml) {
  Coordinator coordinator;
  const SweepId preparing = coordinator.submit(sweep_of(1), "one");
  EXPECT_EQ(submit_to_continue(coordinator, "two"), preparing);
  EXPECT_TRUE(coordinator.last_writes().empty());
  coordinator.add_worker(kAnna);
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), two_clips());
  EXPECT_EQ(submit_to_continue(coordinator, "three"), preparing) << "it runs now";
  coordinator.restart();
  EXPECT_EQ(submit_to_continue(coordinator, "four"), preparing);
  EXPECT_NE(coordinator.submit(sweep_of(1), "five"), preparing) << "which did not ask for it";
}

TEST(Submission, ThatMayContinueMakesASweepOfAnotherYaml) {
  Coordinator coordinator;
  const SweepId first = coordinator.submit(sweep_of(1), "one");
  const SweepId second = submit_to_continue(coordinator, "two", "yaml ");
  EXPECT_NE(second, first);
  EXPECT_EQ(submit_to_continue(coordinator, "three", "yaml "), second);
}

TEST(Submission, ThatMayContinueMakesASweepWhereTheOthersHaveEnded) {
  Coordinator coordinator;
  const SweepId finished = coordinator.running_sweep(sweep_of(1), "one");
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  const SweepId cancelled = submit_to_continue(coordinator, "two");
  EXPECT_NE(cancelled, finished);
  coordinator.ask<Done>(SweepCancelled{{}, cancelled});
  const SweepId failed = submit_to_continue(coordinator, "three");
  EXPECT_NE(failed, cancelled);
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), Failure{FailureKind::kBadData, "no files"});
  EXPECT_NE(submit_to_continue(coordinator, "four"), failed);
}

TEST(Submission, ThatContinuedASweepGetsItAgainWhenRepeatedAfterItsEnd) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(1), "one");
  EXPECT_EQ(submit_to_continue(coordinator, "two"), sweep);
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  EXPECT_EQ(submit_to_continue(coordinator, "two"), sweep);
  EXPECT_NE(submit_to_continue(coordinator, "three"), sweep);
}

// A submission that wants to be served first, and may go on with an unfinished sweep.
SweepId submit_first(Coordinator& coordinator, const std::string& request, const std::string& yaml) {
  return coordinator
      .ask<Submitted>(SweepSubmitted{.token = {},
                                     .request = {request},
                                     .spec = sweep_of(1),
                                     .yaml = yaml,
                                     .continue_unfinished = true,
                                     .serve_first = true})
      .sweeps.front();
}

TEST(Submission, ThatIsServedFirstDoesNotWaitForAnOlderSweep) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2), "one");  // trials 1 and 2
  submit_first(coordinator, "two", "other");
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), two_clips());
  const AttemptRef first = coordinator.lease_trial(kAnna);
  EXPECT_EQ(first.trial, TrialId{3});
  coordinator.complete(kAnna, first, 0.5);
  EXPECT_EQ(coordinator.lease_trial(kAnna).trial, TrialId{1});
}

TEST(Submission, ThatGoesOnWithASweepBringsItToTheFront) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2), "one");  // trials 1 and 2
  const SweepId newer = submit_to_continue(coordinator, "two", "other");
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), two_clips());
  EXPECT_EQ(submit_first(coordinator, "three", "other"), newer);
  EXPECT_EQ(coordinator.lease_trial(kAnna).trial, TrialId{3});
}

TEST(Submission, OfTooManyTrialsIsRefused) {
  Options options;
  options.max_trials = 5;
  Coordinator coordinator(options);
  SweepSpec spec = sweep_of(3);
  spec.seeds = 2;
  const auto refused = coordinator.ask<Refused>(SweepSubmitted{{}, {"r"}, spec, ""});
  EXPECT_EQ(refused.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(coordinator.state().sweeps.empty());
}

TEST(Cancelling, StopsRunningTrialsAndDropsPendingOnes) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(3));
  const AttemptRef finished = coordinator.lease_trial(kAnna);
  coordinator.complete(kAnna, finished, 0.5);
  const AttemptRef running = coordinator.lease_trial(kAnna);
  coordinator.ask<Done>(SweepCancelled{{}, sweep});

  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kCancelled);
  EXPECT_EQ(coordinator.trial(finished).state, TrialState::kFinished);
  EXPECT_EQ(coordinator.trial(running).state, TrialState::kCancelled);
  EXPECT_EQ(coordinator.heartbeat(kAnna, running), (std::vector<WorkRef>{running}));
  EXPECT_EQ(coordinator.refused_report(kAnna, running, completed(1)), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(coordinator.last_writes().empty());
  EXPECT_EQ(coordinator.lease(kAnna), std::nullopt);
}

TEST(Cancelling, WritesWhatRunsAndNotEachPendingTrial) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(50));
  coordinator.lease_trial(kAnna);
  coordinator.ask<Done>(SweepCancelled{{}, sweep});
  EXPECT_EQ(coordinator.last_writes().size(), 4U) << "the trial and its attempt, the pending ones, the sweep";
  const auto recorded = coordinator.store().load();
  for (const TrialRecord& trial : recorded->trials) {
    EXPECT_EQ(trial.state, TrialState::kCancelled);
    EXPECT_EQ(trial.finished_ms, coordinator.sweep(sweep).finished_ms);
  }
}

TEST(Sweep, WritesATrialsCellOnce) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(2));
  const auto whole_trials = [&coordinator] {
    return std::count_if(
        coordinator.last_writes().begin(), coordinator.last_writes().end(),
        [](const store::Write& write) { return std::holds_alternative<store::PutTrial>(write); });
  };
  EXPECT_EQ(whole_trials(), 2);
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  EXPECT_EQ(whole_trials(), 0);
  coordinator.report(kAnna, attempt, Failure{FailureKind::kOutOfMemory, "full"});
  EXPECT_EQ(whole_trials(), 0);
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  EXPECT_EQ(whole_trials(), 0);
  coordinator.ask<Done>(SweepCancelled{{}, sweep});
  EXPECT_EQ(whole_trials(), 0);
}

TEST(Cancelling, WhilePreparingStopsThePreparation) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const SweepId sweep = coordinator.submit(sweep_of(1));
  const PrepareRef prepare = coordinator.lease_preparation(kAnna);
  coordinator.ask<Done>(SweepCancelled{{}, sweep});
  EXPECT_EQ(coordinator.heartbeat(kAnna, prepare), (std::vector<WorkRef>{prepare}));
  EXPECT_EQ(coordinator.refused_report(kAnna, prepare, two_clips()), absl::StatusCode::kFailedPrecondition);
}

TEST(Cancelling, TwiceIsWell) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.submit(sweep_of(1));
  coordinator.ask<Done>(SweepCancelled{{}, sweep});
  coordinator.ask<Done>(SweepCancelled{{}, sweep});
  EXPECT_TRUE(coordinator.last_writes().empty());
}

TEST(Cancelling, WhatHasEndedOrNeverWasIsRefused) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(1));
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  EXPECT_EQ(coordinator.ask<Refused>(SweepCancelled{{}, sweep}).status.code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(coordinator.ask<Refused>(SweepCancelled{{}, SweepId{77}}).status.code(),
            absl::StatusCode::kNotFound);
}

TEST(Sweep, IsPreparedAtOnceAndItsTrialsWaitForThoseOfEarlierOnes) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2), "first");
  coordinator.submit(sweep_of(2), "second");
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), two_clips());
  for (const std::int64_t trial : {1, 2, 3, 4}) {
    const AttemptRef attempt = coordinator.lease_trial(kAnna);
    EXPECT_EQ(attempt.trial, TrialId{trial});
    coordinator.complete(kAnna, attempt, 0.5);
  }
}

TEST(Sweep, OfAHundredThousandTrialsIsMadeAndServed) {
  Options options;
  options.trials_at_once = 25'000;  // all invariants are checked after each part
  Coordinator coordinator(options);
  SweepSpec spec = sweep_of(100);
  spec.seeds = 1000;
  coordinator.running_sweep(spec);
  while (!coordinator.state().making.empty()) coordinator.pass(std::chrono::milliseconds(0));
  EXPECT_EQ(coordinator.state().trials.size(), 100'000U);
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  EXPECT_EQ(coordinator.lease_trial(kAnna).trial, TrialId{2});
}

}  // namespace
}  // namespace melsweep::core

#include "coordinator/core/restore.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

TEST(Restart, LeavesARunningAttemptItsFullTime) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.restart();
  const Options& options = coordinator.state().options;
  coordinator.pass(options.lease_ttl + options.lease_grace - std::chrono::milliseconds(1));
  EXPECT_TRUE(coordinator.heartbeat(kAnna, attempt).empty());
  coordinator.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator.trial(attempt).objective, 0.5);
}

TEST(Restart, TellsWorkersWhoseIdsTheyAreGiven) {
  Coordinator coordinator;
  coordinator.restart();
  const auto registered = coordinator.ask<Registered>(WorkerRegistered{{}, kAnna, "host", "cpu"});
  EXPECT_EQ(registered.store, coordinator.store().load()->store);
}

TEST(Restart, RemembersTheObjectiveReportedBeforeIt) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(100, 0.5));
  coordinator.report(kAnna, attempt, accuracy(200, 0.75));
  coordinator.restart();
  coordinator.report(kAnna, attempt, completed(200));
  EXPECT_EQ(coordinator.trial(attempt).objective, 0.75);
}

TEST(Restart, RemembersThatATrainingDiverged) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(100, 0.5));
  coordinator.report(kAnna, attempt, accuracy(200, std::numeric_limits<double>::quiet_NaN()));
  coordinator.restart();
  coordinator.report(kAnna, attempt, completed(200));
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFailed);
  EXPECT_NE(coordinator.sweep(sweep).reason.find("diverged"), std::string::npos);
}

TEST(Restart, LosesNoPreparation) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const SweepId sweep = coordinator.submit(sweep_of(2));
  const PrepareRef prepare = coordinator.lease_preparation(kAnna);
  coordinator.restart();
  EXPECT_EQ(coordinator.lease(kAnna), std::nullopt) << "it is leased";
  coordinator.report(kAnna, prepare, two_clips());
  coordinator.restart();
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kRunning);
  const auto assignment = coordinator.lease(kAnna);
  ASSERT_TRUE(assignment);
  EXPECT_EQ(std::get<TrialAssignment>(*assignment).plan.dataset_hash, "data-hash");
  EXPECT_EQ(std::get<TrialAssignment>(*assignment).plan.weights_hash, "random");
}

TEST(Restart, KeepsWhatRequestsWereAnsweredWith) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(2), "submission");
  const auto assignment = coordinator.lease(kAnna, "lease");
  coordinator.restart();
  EXPECT_EQ(coordinator.submit(sweep_of(2), "submission"), sweep);
  EXPECT_EQ(coordinator.lease(kAnna, "lease"), assignment);
}

TEST(Restart, KeepsCountingAttemptsAndEpochs) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  for (int epoch = 1; epoch <= 3; ++epoch) {
    const AttemptRef attempt = coordinator.lease_trial(kAnna);
    EXPECT_EQ(attempt.epoch, epoch);
    coordinator.report(kAnna, attempt, Failure{FailureKind::kOutOfMemory, "full"});
    coordinator.restart();
  }
  EXPECT_EQ(coordinator.state().trials.begin()->second.record.state, TrialState::kFailed);
}

TEST(Restart, GivesNewIdsAfterTheOldOnes) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2), "one");
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  coordinator.restart();
  EXPECT_EQ(coordinator.running_sweep(sweep_of(1), "two"), SweepId{2});
  EXPECT_EQ(coordinator.lease_trial(kAnna).trial, TrialId{3});
}

TEST(Restart, RemembersWhereATrialFailed) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, Failure{FailureKind::kInternal, "no data here"});
  coordinator.restart();
  coordinator.add_worker(kBert);
  EXPECT_EQ(coordinator.lease(kAnna), std::nullopt) << "bert is there";
  EXPECT_EQ(coordinator.lease_trial(kBert).trial, attempt.trial);
}

TEST(Restart, StillHoldsEvaluationsAgainstTheClassesOfTheData) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.restart();
  coordinator.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFinished);
}

TEST(CarryOver, KeepsWaitsProgressAndWhatWasHeard) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  coordinator.add_worker(kBert);
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.heartbeat(kAnna, attempt);
  coordinator.apply(LeaseRequested{{1001}, kBert, {"r"}, std::chrono::milliseconds(5000)});
  const State before = coordinator.state();
  coordinator.restart();
  State restored = coordinator.state();
  carry_over(before, restored);
  ASSERT_NE(restored.parked.find(kBert), nullptr);
  EXPECT_EQ(restored.parked.find(kBert)->tokens, (std::vector<Token>{{1001}}));
  EXPECT_EQ(restored.trials.at(attempt.trial).lease->progress.stage, "training");
  EXPECT_EQ(restored.workers.at(kAnna).last_seen_ms, before.workers.at(kAnna).last_seen_ms);
  const absl::Status sound = check_invariants(restored);
  EXPECT_TRUE(sound.ok()) << sound;
}

TEST(Restart, RefusesASnapshotThatContradictsItself) {
  const Now now{MonotonicTime(std::chrono::hours(1)), WallTime(std::chrono::hours(1))};
  TrialRecord trial;
  trial.id = {1};
  trial.sweep = {1};
  trial.number = 1;
  store::Snapshot orphan;
  orphan.trials.push_back(trial);
  EXPECT_EQ(restore({}, orphan, now).status().code(), absl::StatusCode::kDataLoss);

  store::Snapshot without_attempt;
  SweepRecord sweep;
  sweep.id = {1};
  sweep.state = SweepState::kRunning;
  without_attempt.sweeps.push_back(sweep);
  trial.state = TrialState::kRunning;
  trial.epoch = 1;
  without_attempt.trials.push_back(trial);
  EXPECT_EQ(restore({}, without_attempt, now).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace melsweep::core

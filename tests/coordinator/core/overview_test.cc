#include "coordinator/core/overview.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

Overview of(const Coordinator& coordinator) {
  return overview_of(coordinator.state(), coordinator.now().monotonic);
}

// By looking at each trial.
TrialCounts counted_one_by_one(const State& state) {
  std::map<TrialState, std::int64_t> counts;
  for (const auto& [id, trial] : state.trials) ++counts[trial.record.state];
  return {counts[TrialState::kPending], counts[TrialState::kRunning], counts[TrialState::kFinished],
          counts[TrialState::kFailed], counts[TrialState::kCancelled]};
}

TEST(Overview, OfNothingIsNothing) {
  EXPECT_EQ(of(Coordinator()), Overview{});
}

TEST(Overview, FollowsASweepFromItsDataToItsEnd) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.submit(sweep_of(3));
  EXPECT_EQ(of(coordinator).sweeps, (SweepCounts{.preparing = 1}));
  EXPECT_EQ(of(coordinator).queued, 1);
  const PrepareRef look = coordinator.lease_preparation(kAnna);
  EXPECT_EQ(of(coordinator).preparing, 1);
  EXPECT_EQ(of(coordinator).queued, 0);
  coordinator.report(kAnna, look, two_clips());
  EXPECT_EQ(of(coordinator).sweeps, (SweepCounts{.running = 1}));
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.pending = 3}));
  EXPECT_EQ(of(coordinator).queued, 3);
  const AttemptRef first = coordinator.lease_trial(kAnna);
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.pending = 2, .running = 1}));
  coordinator.complete(kAnna, first, 0.5);
  coordinator.report(kAnna, coordinator.lease_trial(kAnna), Failure{FailureKind::kBadData, "no sound"});
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.pending = 1, .finished = 1, .failed = 1}));
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.6);
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.finished = 2, .failed = 1}));
  EXPECT_EQ(of(coordinator).sweeps, (SweepCounts{.finished = 1}));
}

TEST(Overview, CountsCancelledTrialsAlsoAfterARestart) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(3));
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  coordinator.lease_trial(kAnna);
  coordinator.ask<Done>(SweepCancelled{{}, sweep, {"cancel"}});
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.finished = 1, .cancelled = 2}));
  EXPECT_EQ(of(coordinator).trials, counted_one_by_one(coordinator.state()));
  coordinator.restart();
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.finished = 1, .cancelled = 2}));
  EXPECT_EQ(of(coordinator).sweeps, (SweepCounts{.cancelled = 1}));
}

TEST(Overview, CountsRunningTrialsAlsoAfterARestart) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(3));
  coordinator.lease_trial(kAnna);
  coordinator.restart();
  EXPECT_EQ(of(coordinator).trials, (TrialCounts{.pending = 2, .running = 1}));
  EXPECT_EQ(of(coordinator).trials, counted_one_by_one(coordinator.state()));
}

TEST(Overview, LeavesPausedWorkOutOfTheQueue) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(3));
  coordinator.pause(sweep, "pause");
  EXPECT_EQ(of(coordinator).queued, 0);
  EXPECT_EQ(of(coordinator).sweeps, (SweepCounts{.running = 1, .paused = 1}));
  EXPECT_EQ(of(coordinator).trials.pending, 3);
}

TEST(Overview, CountsWorkersAsLongAsTheyAreHeardOf) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));  // by anna
  coordinator.add_worker(kBert);
  EXPECT_EQ(of(coordinator).workers, (WorkerCounts{.alive = 2}));
  coordinator.lease_trial(kAnna);
  EXPECT_EQ(of(coordinator).workers, (WorkerCounts{.alive = 2, .busy = 1}));
  coordinator.apply(LeaseRequested{coordinator.next_token(), kBert, {"waits"}, std::chrono::seconds(30)});
  EXPECT_EQ(of(coordinator).workers, (WorkerCounts{.alive = 2, .busy = 1, .waiting = 1}));
  coordinator.drain(kAnna);
  EXPECT_EQ(of(coordinator).workers, (WorkerCounts{.alive = 2, .busy = 1, .waiting = 1, .draining = 1}));
  coordinator.pass_until_lease_is_lost();
  EXPECT_EQ(of(coordinator).workers.busy, 0);
  EXPECT_EQ(of(coordinator).workers.alive, 0);
}

}  // namespace
}  // namespace melsweep::core

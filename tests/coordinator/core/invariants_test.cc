#include "coordinator/core/invariants.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

// One trial runs, one is pending; bert waits for nothing.
State busy_state() {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  coordinator.add_worker(kBert);
  coordinator.lease_trial(kAnna);
  return coordinator.state();
}

void expect_caught(const std::function<void(State&)>& damage) {
  State state = busy_state();
  ASSERT_TRUE(check_invariants(state).ok());
  damage(state);
  EXPECT_FALSE(check_invariants(state).ok());
}

TEST(Invariants, HoldOfAnEmptyState) {
  EXPECT_TRUE(check_invariants({}).ok());
}

TEST(Invariants, CatchATrialThatRunsWithoutALease) {
  expect_caught([](State& state) { state.trials.at({1}).lease.reset(); });
  expect_caught([](State& state) { state.trials.at({1}).attempt.reset(); });
  expect_caught([](State& state) { state.trials.at({1}).attempt->state = AttemptState::kLost; });
}

TEST(Invariants, CatchAnEpochThatIsNotTheAttempts) {
  expect_caught([](State& state) { ++state.trials.at({1}).record.epoch; });
}

TEST(Invariants, CatchPendingWorkThatIsNotQueuedAndTheReverse) {
  expect_caught([](State& state) { state.queue.remove({{1}, 2}); });
  expect_caught([](State& state) { state.queue.add({{1}, 1}, {}); });
  expect_caught([](State& state) { state.queue.add({{9}, 9}, {}); });
}

TEST(Invariants, CatchAPausedSweepThatIsServedAndOneThatIsPausedAfterItsEnd) {
  expect_caught([](State& state) { state.sweeps.at({1}).record.paused = true; });
  Coordinator coordinator;
  const SweepId sweep = coordinator.submit(sweep_of(1));
  coordinator.ask<Done>(SweepCancelled{{}, sweep});
  State state = coordinator.state();
  state.sweeps.at(sweep).record.paused = true;
  EXPECT_FALSE(check_invariants(state).ok());
}

TEST(Invariants, CatchIndicesThatDisagree) {
  expect_caught([](State& state) { state.expiries.clear(); });
  expect_caught([](State& state) { state.workers.at(kAnna).holds.clear(); });
  expect_caught([](State& state) { state.workers.at(kBert).holds.insert({{1}, 2}); });
}

TEST(Invariants, CatchCountsThatDisagree) {
  expect_caught([](State& state) { --state.sweeps.at({1}).trials_open; });
  expect_caught([](State& state) { ++state.sweeps.at({1}).trials_failed; });
  expect_caught([](State& state) { state.trials.erase({2}); });
}

TEST(Invariants, CatchAGroupOfTrialsThatAreNoFamily) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  coordinator.ask<Leased>(LeaseRequested{{}, kAnna, {"l"}, {}, 2});
  State state = coordinator.state();
  ASSERT_TRUE(check_invariants(state).ok());
  state.trials.at({2}).alone = true;
  EXPECT_FALSE(check_invariants(state).ok());
}

TEST(Invariants, CatchWorkThatIsLeftAndNotCounted) {
  expect_caught([](State& state) { ++state.sweeps.at({1}).leased.at(1); });
  expect_caught([](State& state) { --state.trials.at({1}).lease->cost_left; });
}

TEST(Invariants, CatchASweepThatEndedBeforeItsTrials) {
  expect_caught([](State& state) { state.sweeps.at({1}).record.state = SweepState::kFinished; });
}

TEST(Invariants, CatchSomebodyWhoWaitsWhileWorkIsReady) {
  expect_caught([](State& state) {
    state.queue.release_due(MonotonicTime::max());
    state.parked.add({kBert, {"r"}, {}, {{1}}});
  });
  expect_caught([](State& state) { state.parked.add({{"nobody"}, {"r"}, {}, {{1}}}); });
  expect_caught([](State& state) {
    state.workers.at(kBert).record.draining = true;
    state.parked.add({kBert, {"r"}, {}, {{1}}});
  });
}

}  // namespace
}  // namespace melsweep::core

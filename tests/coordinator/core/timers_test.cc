#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

TEST(LostLease, IsTakenBackAfterTtlAndGraceAndNoSooner) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  const milliseconds patience =
      coordinator.state().options.lease_ttl + coordinator.state().options.lease_grace;
  EXPECT_EQ(next_deadline(coordinator.state()), coordinator.now().monotonic + patience);
  coordinator.pass(patience - milliseconds(1));
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kRunning);
  coordinator.pass(milliseconds(1));
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kPending);
  EXPECT_EQ(coordinator.trial(attempt).failed_attempts, 1);
  const auto snapshot = coordinator.store().load();
  ASSERT_TRUE(snapshot.ok());
  EXPECT_EQ(snapshot->attempts.at(0).state, AttemptState::kLost);
  ASSERT_TRUE(snapshot->attempts.at(0).failure);
  EXPECT_NE(snapshot->attempts.at(0).failure->message.find("anna"), std::string::npos);
}

TEST(LostLease, OnceTooOftenFailsTheTrial) {
  Coordinator coordinator;
  SweepSpec spec = sweep_of(1);
  spec.retry.max_attempts = 2;
  const SweepId sweep = coordinator.running_sweep(spec);
  coordinator.lease_trial(kAnna);
  coordinator.pass_until_lease_is_lost();
  coordinator.pass(coordinator.state().options.retry_delay);
  const AttemptRef last = coordinator.lease_trial(kAnna);
  coordinator.pass_until_lease_is_lost();
  EXPECT_EQ(coordinator.trial(last).state, TrialState::kFailed);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
}

TEST(LostLease, IsGivenToAWorkerThatWaitsAfterTheDelay) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  coordinator.add_worker(kBert);
  coordinator.lease_trial(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kBert, {"b"}, milliseconds(60'000)});
  coordinator.pass_until_lease_is_lost();
  EXPECT_EQ(coordinator.state().parked.size(), 1U);
  const auto release = next_deadline(coordinator.state());
  ASSERT_TRUE(release);
  EXPECT_LE(*release, coordinator.now().monotonic + coordinator.state().options.retry_delay);
  const auto replies = coordinator.pass(*release - coordinator.now().monotonic);
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_FALSE(std::get<Leased>(replies[0].answer).assignments.empty());
}

TEST(LostLease, OfWorkThatNeverReachedItsLivingWorkerDoesNotCount) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass(coordinator.state().options.lease_ttl);
  coordinator.ask<HeartbeatAnswered>(HeartbeatReceived{{}, kAnna, {}});
  coordinator.pass(coordinator.state().options.lease_grace);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kPending);
  EXPECT_EQ(coordinator.trial(attempt).failed_attempts, 0);
}

TEST(Deadline, IsNoneWhileNothingCanHappenByItself) {
  Coordinator coordinator;
  EXPECT_EQ(next_deadline(coordinator.state()), std::nullopt);
  coordinator.running_sweep(sweep_of(1));
  EXPECT_EQ(next_deadline(coordinator.state()), std::nullopt) << "work waits, but nobody for work";
}

TEST(Wall, ClockJumpsChangeNoLease) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  State state = coordinator.state();
  for (const std::chrono::hours jump : {std::chrono::hours(-1), std::chrono::hours(1)}) {
    on_time_passed(state, {}, {coordinator.now().monotonic, coordinator.now().wall + jump});
    EXPECT_EQ(state.trials.at(attempt.trial).record.state, TrialState::kRunning);
  }
}

}  // namespace
}  // namespace melsweep::core

#include "coordinator/core/placement.h"

#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

const WorkerPlace kAnnaAtHome{kAnna, "home"};
const WorkerPlace kBertAtHome{kBert, "home"};
const WorkerPlace kCleoAway{{"cleo"}, "away"};

TEST(Placement, PrefersAnotherHostThenAnotherWorkerThenWhoAskedFirst) {
  const std::vector<WorkerPlace> failed = {kAnnaAtHome};
  EXPECT_EQ(place({{kAnnaAtHome, kBertAtHome, kCleoAway}, {}, failed}), 2U);
  EXPECT_EQ(place({{kAnnaAtHome, kBertAtHome}, {}, failed}), 1U);
  EXPECT_EQ(place({{kAnnaAtHome}, {}, failed}), 0U);
  EXPECT_EQ(place({{kCleoAway, {{"dora"}, "away"}}, {}, failed}), 0U);
}

TEST(Placement, WaitsForABusyWorkerThatIsFartherAndForNoOther) {
  EXPECT_EQ(place({{kAnnaAtHome, kBertAtHome}, {kCleoAway}, {kAnnaAtHome}}), std::nullopt);
  EXPECT_EQ(place({{kBertAtHome}, {kAnnaAtHome}, {kAnnaAtHome}}), 0U);
  EXPECT_EQ(place({{kAnnaAtHome}, {kBertAtHome}, {kAnnaAtHome, kBertAtHome}}), 0U) << "it failed on both";
}

TEST(Placement, TakesUnknownHostsForDifferentOnes) {
  EXPECT_EQ(distance({kBert, ""}, {{kAnna, ""}}), Distance::kOtherHost);
  EXPECT_EQ(distance({kAnna, ""}, {{kAnna, ""}}), Distance::kSameWorker);
}

class RetriedTrial : public testing::Test {
 protected:
  RetriedTrial() {
    coordinator_.running_sweep(sweep_of(2));
    failed_ = coordinator_.lease_trial(kAnna);
    coordinator_.add_worker(kBert, "elsewhere");
    coordinator_.report(kAnna, failed_, Failure{FailureKind::kInternal, "no data here"});
  }

  // What is left by the failure's delay, so that the trial could be tried again.
  void pass_delay() { coordinator_.pass(coordinator_.state().options.retry_delay); }

  Coordinator coordinator_;
  AttemptRef failed_;
};

TEST_F(RetriedTrial, GoesToAnotherWorkerThatWaitsThoughTheFirstWaitedLonger) {
  const AttemptRef other = coordinator_.lease_trial(kAnna);
  coordinator_.complete(kAnna, other, 0.5);
  coordinator_.apply(LeaseRequested{{1001}, kAnna, {"a"}, milliseconds(60'000)});
  coordinator_.apply(LeaseRequested{{1002}, kBert, {"b"}, milliseconds(60'000)});
  pass_delay();
  EXPECT_EQ(coordinator_.state().trials.at(failed_.trial).attempt->worker, kBert);
  EXPECT_NE(coordinator_.state().parked.find(kAnna), nullptr);
}

TEST_F(RetriedTrial, WaitsForAnotherWorkerThatIsAliveWhileTheFirstIsGivenOtherWork) {
  pass_delay();
  EXPECT_NE(coordinator_.lease_trial(kAnna).trial, failed_.trial);
  EXPECT_EQ(coordinator_.lease_trial(kBert).trial, failed_.trial);
}

TEST_F(RetriedTrial, GoesBackToTheOnlyWorkerThatIsAlive) {
  const AttemptRef other = coordinator_.lease_trial(kAnna);
  coordinator_.complete(kAnna, other, 0.5);
  coordinator_.apply(LeaseRequested{{1001}, kAnna, {"a"}, milliseconds(60'000)});
  pass_delay();
  EXPECT_NE(coordinator_.state().parked.find(kAnna), nullptr) << "bert may come";
  coordinator_.pass_until_lease_is_lost();
  EXPECT_EQ(coordinator_.state().trials.at(failed_.trial).attempt->worker, kAnna);
}

TEST_F(RetriedTrial, FailsAfterItsLastAttemptWhereverItRan) {
  coordinator_.report(
      kBert,
      [&] {
        pass_delay();
        return coordinator_.lease_trial(kBert);
      }(),
      Failure{FailureKind::kInternal, "nor here"});
  EXPECT_EQ(coordinator_.trial(failed_).failed_attempts, 2);
  EXPECT_EQ(coordinator_.state().trials.at(failed_.trial).failed_on, (std::set<WorkerId>{kAnna, kBert}));
}

TEST_F(RetriedTrial, IsForgottenWhereItWaitsWhenItsSweepIsCancelled) {
  pass_delay();
  coordinator_.lease_trial(kAnna);
  ASSERT_TRUE(coordinator_.state().queue.contains({{1}, 1}));
  coordinator_.ask<Done>(SweepCancelled{{}, {1}});
  EXPECT_EQ(coordinator_.lease(kBert), std::nullopt);
}

}  // namespace
}  // namespace melsweep::core

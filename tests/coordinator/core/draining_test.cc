// Workers that are told from outside to leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

absl::StatusCode refused_lease(Coordinator& coordinator, const WorkerId& worker) {
  return coordinator.ask<Refused>(LeaseRequested{{}, worker, {"late"}, milliseconds(5000)}).status.code();
}

TEST(Draining, TellsTheWorkerToLeaveAndGivesItNoWork) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  EXPECT_FALSE(coordinator.beat(kAnna, {}).drain);
  coordinator.drain(kAnna);
  EXPECT_TRUE(coordinator.beat(kAnna, {}).drain);
  EXPECT_EQ(refused_lease(coordinator, kAnna), absl::StatusCode::kFailedPrecondition);
  coordinator.add_worker(kBert);
  EXPECT_FALSE(coordinator.beat(kBert, {}).drain);
  EXPECT_EQ(coordinator.lease_trial(kBert).trial, TrialId{1});
}

TEST(Draining, AnswersAWorkerThatWaits) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  const std::vector<Reply> replies = coordinator.apply(WorkerDrained{{1002}, kAnna});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[0].token, Token{1001});
  EXPECT_TRUE(std::get<Leased>(replies[0].answer).assignments.empty());
}

TEST(Draining, LeavesTheWorkerWhatItHoldsUntilItGivesItBack) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.drain(kAnna);
  const HeartbeatAnswered answer = coordinator.beat(kAnna, {{attempt, {}}});
  EXPECT_TRUE(answer.stop.empty());
  EXPECT_TRUE(answer.give_back.empty());
  coordinator.report(kAnna, attempt, ReleasedReport{ReleaseReason::kDrained});
  EXPECT_EQ(coordinator.trial(attempt).failed_attempts, 0);
  coordinator.add_worker(kBert);
  EXPECT_EQ(coordinator.lease_trial(kBert).epoch, 2);
}

TEST(Draining, StillAnswersTheRequestThatGaveItWork) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const auto assignment = coordinator.lease(kAnna, "r");
  coordinator.drain(kAnna);
  EXPECT_EQ(coordinator.lease(kAnna, "r"), assignment) << "so that it can be given back";
}

TEST(Draining, OutlivesARestartAndARegistration) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.drain(kAnna);
  coordinator.restart();
  coordinator.ask<Registered>(WorkerRegistered{{}, kAnna, "another host", "cuda:0"});
  EXPECT_TRUE(coordinator.beat(kAnna, {}).drain);
  EXPECT_EQ(coordinator.state().workers.at(kAnna).record.host, "another host");
}

TEST(Draining, TwiceIsWellAndOfNobodyIsRefused) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.drain(kAnna);
  coordinator.drain(kAnna);
  EXPECT_TRUE(coordinator.last_writes().empty());
  EXPECT_EQ(coordinator.ask<Refused>(WorkerDrained{{}, kBert}).status.code(), absl::StatusCode::kNotFound);
}

// A trial that failed on anna waits for bert, who is busy; now that bert will not ask again, anna is all
// there is.
TEST(Draining, NobodyIsWaitedForWhoIsToLeave) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  coordinator.add_worker(kBert);
  const AttemptRef failed = coordinator.lease_trial(kAnna);
  coordinator.beat(kBert, {{coordinator.lease_trial(kBert), {}}});
  coordinator.report(kAnna, failed, Failure{FailureKind::kTrainerDied, "died"});
  coordinator.pass(coordinator.state().options.retry_delay);
  coordinator.apply(LeaseRequested{{1001}, kAnna, {"r"}, milliseconds(5000)});
  EXPECT_NE(coordinator.state().parked.find(kAnna), nullptr) << "it is bert's";
  const std::vector<Reply> replies = coordinator.apply(WorkerDrained{{1002}, kBert});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_FALSE(std::get<Leased>(replies[1].answer).assignments.empty());
}

TEST(Draining, WorkersAreListedAsAliveWhileTheyHoldWorkOrWereJustHeardOf) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const auto is_alive = [&] { return coordinator.ask<WorkersListed>(WorkersAsked{}).workers.at(0).is_alive; };
  EXPECT_TRUE(is_alive());
  coordinator.pass_until_lease_is_lost();
  EXPECT_FALSE(is_alive());
  coordinator.submit(sweep_of(1));
  coordinator.lease_preparation(kAnna);
  EXPECT_TRUE(is_alive());
}

}  // namespace
}  // namespace melsweep::core

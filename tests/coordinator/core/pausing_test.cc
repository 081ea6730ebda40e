// Pausing and resuming sweeps, and what requests that come again do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Pausing : public testing::Test {
 protected:
  absl::StatusCode refused(Event event) {
    const Token token = coordinator_.next_token();
    std::visit(
        [token](auto& asking) {
          if constexpr (requires { asking.token; }) asking.token = token;
        },
        event);
    for (const Reply& reply : coordinator_.apply(event)) {
      const auto* refusal = std::get_if<Refused>(&reply.answer);
      if (reply.token == token && refusal != nullptr) return refusal->status.code();
    }
    return absl::StatusCode::kOk;
  }

  Coordinator coordinator_;
};

TEST_F(Pausing, HandsOutNothingUntilItIsResumed) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(2));
  coordinator_.pause(sweep, "p");
  EXPECT_TRUE(coordinator_.sweep(sweep).paused);
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  coordinator_.resume(sweep, "r");
  EXPECT_EQ(coordinator_.lease_trial(kAnna).trial, TrialId{1});
}

TEST_F(Pausing, GivesResumedWorkToWhoWaits) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  coordinator_.pause(sweep, "p");
  EXPECT_TRUE(coordinator_.apply(LeaseRequested{{1001}, kAnna, {"l"}, milliseconds(5000)}).empty());
  const std::vector<Reply> replies = coordinator_.apply(SweepResumed{{1002}, {"r"}, sweep});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_FALSE(std::get<Leased>(replies[1].answer).assignments.empty());
}

TEST_F(Pausing, LeavesOtherSweepsAlone) {
  const SweepId first = coordinator_.running_sweep(sweep_of(1), "one");
  coordinator_.running_sweep(sweep_of(1), "two");
  coordinator_.pause(first, "p");
  EXPECT_EQ(coordinator_.lease_trial(kAnna).trial, TrialId{2});
}

TEST_F(Pausing, AsksBackWhatRunsAndLetsItBeKept) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator_.lease_trial(kAnna);
  EXPECT_THAT(coordinator_.beat(kAnna, {{attempt, {}}}).give_back, IsEmpty());
  coordinator_.pause(sweep, "p");
  for (int i = 0; i < 5; ++i) {
    const HeartbeatAnswered answer = coordinator_.beat(kAnna, {{attempt, {}}});
    EXPECT_THAT(answer.give_back, ElementsAre(WorkRef(attempt)));
    EXPECT_THAT(answer.stop, IsEmpty());
    coordinator_.pass(coordinator_.state().options.lease_ttl);
  }
  coordinator_.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kFinished);
  EXPECT_FALSE(coordinator_.sweep(sweep).paused) << "it has ended";
}

TEST_F(Pausing, WorkThatIsGivenBackCostsNothingAndWaits) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator_.lease_trial(kAnna);
  coordinator_.pause(sweep, "p");
  coordinator_.report(kAnna, attempt, ReleasedReport{ReleaseReason::kPaused});
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  EXPECT_EQ(coordinator_.trial(attempt).failed_attempts, 0);
  EXPECT_EQ(coordinator_.store().load()->attempts.front().release_reason, ReleaseReason::kPaused);
  coordinator_.resume(sweep, "r");
  EXPECT_EQ(coordinator_.lease_trial(kAnna), (AttemptRef{attempt.trial, 2}));
}

TEST_F(Pausing, WorkThatIsLostOrFailsMeanwhileWaitsToo) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(2));
  coordinator_.add_worker(kBert);
  const AttemptRef failing = coordinator_.lease_trial(kAnna);
  const AttemptRef lost = coordinator_.lease_trial(kBert);
  coordinator_.beat(kBert, {{lost, {}}});
  coordinator_.pause(sweep, "p");
  coordinator_.report(kAnna, failing, Failure{FailureKind::kOutOfMemory, "full"});
  coordinator_.pass_until_lease_is_lost();
  coordinator_.pass(std::chrono::hours(1));
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  EXPECT_EQ(coordinator_.state().queue.size(), 0U);
  coordinator_.resume(sweep, "r");
  EXPECT_EQ(coordinator_.state().queue.size(), 2U);
}

TEST_F(Pausing, ResumedWorkDoesNotSitOutItsDelay) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, attempt, Failure{FailureKind::kOutOfMemory, "full"});
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt) << "its delay";
  coordinator_.pause(sweep, "p");
  coordinator_.resume(sweep, "r");
  EXPECT_EQ(coordinator_.lease_trial(kAnna).trial, attempt.trial);
}

TEST_F(Pausing, PausesThePreparationToo) {
  coordinator_.add_worker(kAnna);
  const SweepId sweep = coordinator_.submit(sweep_of(1));
  coordinator_.pause(sweep, "p1");
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  coordinator_.resume(sweep, "r1");
  const PrepareRef prepare = coordinator_.lease_preparation(kAnna);
  coordinator_.pause(sweep, "p2");
  EXPECT_THAT(coordinator_.beat(kAnna, {{prepare, {}}}).give_back, ElementsAre(WorkRef(prepare)));
  coordinator_.report(kAnna, prepare, ReleasedReport{ReleaseReason::kPaused});
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  coordinator_.resume(sweep, "r2");
  EXPECT_EQ(coordinator_.lease_preparation(kAnna).epoch, 2);
}

TEST_F(Pausing, TrialsMadeByAPreparationThatWasNotGivenBackWait) {
  coordinator_.add_worker(kAnna);
  const SweepId sweep = coordinator_.submit(sweep_of(2));
  const PrepareRef prepare = coordinator_.lease_preparation(kAnna);
  coordinator_.pause(sweep, "p");
  coordinator_.report(kAnna, prepare, two_clips());
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kRunning);
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  coordinator_.resume(sweep, "r");
  EXPECT_EQ(coordinator_.lease_trial(kAnna).trial, TrialId{1});
}

TEST_F(Pausing, OutlivesARestart) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator_.lease_trial(kAnna);
  coordinator_.pause(sweep, "p");
  coordinator_.restart();
  EXPECT_TRUE(coordinator_.sweep(sweep).paused);
  EXPECT_EQ(coordinator_.lease(kAnna), std::nullopt);
  EXPECT_THAT(coordinator_.beat(kAnna, {{attempt, {}}}).give_back, ElementsAre(WorkRef(attempt)));
  coordinator_.resume(sweep, "r");
  EXPECT_EQ(coordinator_.lease_trial(kAnna).trial, TrialId{2});
}

TEST_F(Pausing, ARequestThatComesAgainChangesNothing) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  coordinator_.pause(sweep, "p");
  coordinator_.resume(sweep, "r");
  for (const bool after_restart : {false, true}) {
    if (after_restart) coordinator_.restart();
    coordinator_.pause(sweep, "p");
    EXPECT_FALSE(coordinator_.sweep(sweep).paused);
    EXPECT_TRUE(coordinator_.last_writes().empty());
  }
}

// Else it would, coming late and twice, undo what was asked after it.
TEST_F(Pausing, ARequestThatFoundNothingToDoIsRememberedToo) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  coordinator_.pause(sweep, "p1");
  coordinator_.pause(sweep, "p2");
  coordinator_.resume(sweep, "r1");
  coordinator_.resume(sweep, "r2");
  coordinator_.pause(sweep, "p2");
  EXPECT_FALSE(coordinator_.sweep(sweep).paused);
}

TEST_F(Pausing, ARequestAsksForOneThing) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  coordinator_.pause(sweep, "same");
  EXPECT_EQ(refused(SweepResumed{{}, {"same"}, sweep}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(refused(SweepCancelled{{}, sweep, {"same"}}), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(coordinator_.sweep(sweep).paused);
}

TEST_F(Pausing, WhatHasEndedOrNeverWasIsRefused) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  coordinator_.pause(sweep, "p");
  coordinator_.resume(sweep, "r");
  coordinator_.complete(kAnna, coordinator_.lease_trial(kAnna), 0.5);
  for (const bool after_restart : {false, true}) {
    if (after_restart) coordinator_.restart();
    for (const auto* request : {"p", "r", "new"}) {
      EXPECT_EQ(refused(SweepPaused{{}, {request}, sweep}), absl::StatusCode::kFailedPrecondition);
      EXPECT_EQ(refused(SweepResumed{{}, {request}, sweep}), absl::StatusCode::kFailedPrecondition);
    }
  }
  EXPECT_EQ(refused(SweepPaused{{}, {"p"}, {77}}), absl::StatusCode::kNotFound);
  EXPECT_EQ(refused(SweepResumed{{}, {"p"}, {77}}), absl::StatusCode::kNotFound);
}

TEST_F(Pausing, APausedSweepCanBeCancelled) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator_.lease_trial(kAnna);
  coordinator_.pause(sweep, "p");
  coordinator_.ask<Done>(SweepCancelled{{}, sweep, {"c"}});
  EXPECT_EQ(coordinator_.sweep(sweep).state, SweepState::kCancelled);
  EXPECT_FALSE(coordinator_.sweep(sweep).paused);
  EXPECT_EQ(coordinator_.heartbeat(kAnna, attempt), (std::vector<WorkRef>{attempt}));
  coordinator_.restart();
  coordinator_.ask<Done>(SweepCancelled{{}, sweep, {"c"}});
  EXPECT_TRUE(coordinator_.last_writes().empty());
}

TEST_F(Pausing, WhatWasAskedIsKept) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(1));
  coordinator_.pause(sweep, "p");
  const std::int64_t now = coordinator_.now().wall.time_since_epoch().count();
  EXPECT_THAT(coordinator_.store().load()->actions,
              ElementsAre(SweepActionRecord{sweep, SweepAction::kPause, {"p"}, now}));
}

}  // namespace
}  // namespace melsweep::core

// What an agent does when the coordinator is away, restarted or unwilling.
#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

class AgentContactTest : public AgentUnderTest {};

TEST_F(AgentContactTest, KeepsTryingToRegister) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(link.registering);
    link.registering.reset();
    happen(RegisterAnswered{absl::UnavailableError("down")});
    pass(seconds(5));
  }
  answer_register();
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentContactTest, LeavesWhenItIsNotWanted) {
  happen(RegisterAnswered{absl::UnauthenticatedError("no token")});
  EXPECT_EQ(agent.exit_code(), 1);
}

TEST_F(AgentContactTest, RepeatsALeaseUnderTheSameRequestUntilItIsAnswered) {
  answer_register();
  const RequestId first = link.leasing->id;
  EXPECT_EQ(link.leasing->number, 1);
  answer_lease(absl::UnavailableError("down"));
  pass_in_contact(seconds(5));
  ASSERT_TRUE(link.leasing);
  EXPECT_EQ(link.leasing->id, first);
  EXPECT_EQ(link.leasing->number, 1);
  answer_lease(std::optional<Assignment>());
  ASSERT_TRUE(link.leasing);
  EXPECT_NE(link.leasing->id, first);
  EXPECT_EQ(link.leasing->number, 2);
}

TEST_F(AgentContactTest, AsksForWorkAgainBeforeWhatItWasGivenUnheardIsAnothers) {
  answer_register();
  EXPECT_LE(2 * link.leasing->wait, kTtl);
}

TEST_F(AgentContactTest, RegistersAgainWithACoordinatorThatDoesNotKnowIt) {
  run_trial();
  pass(kInterval);
  link.beating.reset();
  happen(HeartbeatAnswered{absl::NotFoundError("who?")});
  EXPECT_TRUE(link.registering);
  EXPECT_EQ(trainer.kills, 0);
  answer_register();
  pass(seconds(3));
  ASSERT_TRUE(link.beating);
  EXPECT_EQ(link.beating->size(), 1u) << "the training went on";
}

TEST_F(AgentContactTest, TrainsOnWhileTheCoordinatorIsAwayForLessThanTheLease) {
  run_trial();
  pass(kInterval);
  const MonotonicTime lost = now;
  while (now < lost + seconds(8)) {
    if (link.beating) {
      link.beating.reset();
      happen(HeartbeatAnswered{absl::UnavailableError("down")});
    }
    pass(milliseconds(100));
  }
  pass(seconds(3));
  answer_heartbeat();
  pass_in_contact(seconds(30));
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(AgentContactTest, AHeartbeatThatGetsLostLeavesTimeForMore) {
  answer_register();
  EXPECT_EQ(link.heartbeat_timeout, kTtl / 3);
  answer_heartbeat();
  happen(RegisterAnswered{LeaseTerms{milliseconds(900), milliseconds(100), kStore}});
  pass(kInterval);
  ASSERT_TRUE(link.beating);
  EXPECT_EQ(link.heartbeat_timeout, milliseconds(300));
}

TEST_F(AgentContactTest, AHeartbeatWaitsNoLongerBecauseTheLeaseIsLong) {
  link.registering.reset();
  happen(RegisterAnswered{LeaseTerms{seconds(3600), kInterval, kStore}});
  ASSERT_TRUE(link.beating);
  EXPECT_EQ(link.heartbeat_timeout, seconds(5));
}

TEST_F(AgentContactTest, EndsTheTrainingWhenTheLeaseRunsOut) {
  run_trial();
  pass(kTtl - milliseconds(1));
  EXPECT_EQ(trainer.kills, 0);
  pass(milliseconds(1));
  EXPECT_EQ(trainer.kills, 1);
}

TEST_F(AgentContactTest, TheLeaseCountsFromTheHeartbeatsSendingNotItsAnswer) {
  run_trial();
  pass(kInterval);
  ASSERT_TRUE(link.beating);
  pass(seconds(10));
  answer_heartbeat();  // 10 s on its way
  link.beating.reset();
  pass(seconds(5) - milliseconds(1));
  EXPECT_EQ(trainer.kills, 0);
  pass(milliseconds(1));
  EXPECT_EQ(trainer.kills, 1);
}

TEST_F(AgentContactTest, TakesOverTheTimesThatAHeartbeatsAnswerSays) {
  run_trial();
  answer_next_heartbeat({.lease_ttl = seconds(60), .heartbeat_interval = seconds(20)});
  pass(seconds(20) - milliseconds(1));
  EXPECT_FALSE(link.beating);
  pass(milliseconds(1));
  EXPECT_TRUE(link.beating);
}

TEST_F(AgentContactTest, KeepsTheTimesWhereAnAnswerSaysNone) {
  run_trial();
  answer_next_heartbeat({});
  pass(kInterval);
  EXPECT_TRUE(link.beating);
  EXPECT_EQ(link.heartbeat_timeout, kTtl / 3);
}

TEST_F(AgentContactTest, AShorterLeaseCountsAtOnce) {
  run_trial();
  pass(kInterval);
  const MonotonicTime asked = now;
  answer_heartbeat_with({.lease_ttl = seconds(5), .heartbeat_interval = seconds(10)});
  pass(asked + seconds(5) - milliseconds(1) - now);
  EXPECT_EQ(trainer.kills, 0);
  pass(milliseconds(1));
  EXPECT_EQ(trainer.kills, 1);
}

TEST_F(AgentContactTest, ALongerLeaseCountsFromTheNextAnswerOn) {
  run_trial();
  pass(kInterval);
  const MonotonicTime asked = now;
  answer_heartbeat_with({.lease_ttl = seconds(60), .heartbeat_interval = seconds(10)});
  pass(seconds(10));
  ASSERT_TRUE(link.beating);
  pass(asked + kTtl - milliseconds(1) - now);
  EXPECT_EQ(trainer.kills, 0);
  answer_heartbeat();  // asked for 10 s after the first
  pass(asked + seconds(70) - milliseconds(1) - now);
  EXPECT_EQ(trainer.kills, 0);
  pass(milliseconds(1));
  EXPECT_EQ(trainer.kills, 1);
}

TEST_F(AgentContactTest, GivesBackWorkThatItEndedForLackOfContact) {
  run_trial();
  say(protocol::MetricsMeasured{{{500, "train/loss", 1.0}}});
  pass(kTtl);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  answer_report(absl::UnavailableError("down"));
  pass(seconds(5));
  EXPECT_EQ(reported_reason(), ReleaseReason::kNoContact);
  answer_report(absl::FailedPreconditionError("given to another"));
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentContactTest, AfterBeingSuspendedPastItsLeaseItEndsTheTrainingFirst) {
  run_trial();
  now += seconds(60);
  say(protocol::Finished{{30000, "/data/head", "beef"}, {}});
  EXPECT_EQ(trainer.kills, 1);
  EXPECT_FALSE(link.reporting && std::holds_alternative<CompletedReport>(reported()));
}

// An answer that was long on its way, or came while this process was suspended, may be of a lease that is
// over.
TEST_F(AgentContactTest, BeginsNothingForALateAnswerUntilTheLeaseIsKnownToHold) {
  answer_register();
  pass_in_contact(kTtl);
  answer_lease(Assignment(trial()));
  EXPECT_TRUE(trainer.told.empty());
  ASSERT_TRUE(link.beating);
  ASSERT_EQ(link.beating->size(), 1u);
  EXPECT_EQ(link.beating->front().work, attempt);
  answer_heartbeat();
  EXPECT_EQ(trainer.told.size(), 1U);
}

TEST_F(AgentContactTest, ForgetsWorkOfALateAnswerThatIsAnothersByNow) {
  answer_register();
  pass_in_contact(kTtl);
  answer_lease(Assignment(trial()));
  answer_heartbeat({attempt});
  EXPECT_TRUE(trainer.told.empty());
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentContactTest, AHeartbeatSentBeforeTheWorkWasGivenSaysNothingOfItsLease) {
  answer_register();
  pass_in_contact(kTtl);
  pass(kInterval);  // a heartbeat is out
  answer_lease(Assignment(trial()));
  answer_heartbeat();
  EXPECT_TRUE(trainer.told.empty());
  answer_heartbeat();  // to the one that was made since
  EXPECT_EQ(trainer.told.size(), 1U);
}

TEST_F(AgentContactTest, GivesBackWorkOfALateAnswerWhenItIsToStop) {
  answer_register();
  pass_in_contact(kTtl);
  answer_lease(Assignment(trial()));
  happen(StopRequested{});
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(reported()));
  EXPECT_TRUE(trainer.told.empty());
}

TEST_F(AgentContactTest, AFinishedResultIsOfferedHoweverLongTheCoordinatorIsAway) {
  run_trial();
  say(protocol::Finished{{30000, "/data/head", "beef"}, {}});
  for (int i = 0; i < 20; ++i) {
    answer_report(absl::UnavailableError("down"));
    pass(seconds(6));
  }
  EXPECT_TRUE(std::holds_alternative<CompletedReport>(reported()));
}

}  // namespace
}  // namespace melsweep::agent

// What an agent does when it is told to stop.
#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

class AgentDrainTest : public AgentUnderTest {};

TEST_F(AgentDrainTest, LeavesAtOnceWhenItNeverRegistered) {
  happen(StopRequested{});
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, AsksOnceMoreWhetherItWasGivenWork) {
  answer_register();
  const RequestId request = link.leasing->id;
  happen(StopRequested{});
  EXPECT_TRUE(link.lease_cancelled);
  answer_lease(absl::CancelledError("cancelled"));
  ASSERT_TRUE(link.leasing);
  EXPECT_EQ(link.leasing->id, request);
  EXPECT_EQ(link.leasing->wait, milliseconds(0));
  answer_lease(std::optional<Assignment>());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, GivesBackWhatItWasGivenMeanwhile) {
  answer_register();
  happen(StopRequested{});
  answer_lease(Assignment(trial()));
  EXPECT_TRUE(trainer.told.empty());
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(reported()));
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, DoesNotWaitForACoordinatorThatIsAwayWhenItHoldsNothing) {
  answer_register();
  happen(StopRequested{});
  answer_lease(absl::CancelledError("cancelled"));
  answer_lease(absl::UnavailableError("down"));
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, StopsTheTrainerAndGivesTheWorkBack) {
  run_trial();
  happen(StopRequested{});
  EXPECT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told.back()));
  EXPECT_FALSE(agent.exit_code());
  say(protocol::Stopped{});
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(reported()));
  EXPECT_FALSE(agent.exit_code());
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
  EXPECT_FALSE(link.leasing);
}

TEST_F(AgentDrainTest, AResultThatComesFirstIsKept) {
  run_trial();
  happen(StopRequested{});
  say(protocol::Finished{{30000, "/data/head", "beef"}, {}});
  EXPECT_TRUE(std::holds_alternative<CompletedReport>(reported()));
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, KillsATrainerThatDoesNotStop) {
  run_trial();
  happen(StopRequested{});
  pass_in_contact(seconds(9));
  EXPECT_EQ(trainer.kills, 0);
  pass_in_contact(seconds(1));
  EXPECT_EQ(trainer.kills, 1);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(reported()));
}

TEST_F(AgentDrainTest, LeavesWithAnErrorWhenTheWorkCannotBeGivenBack) {
  run_trial();
  happen(StopRequested{});
  say(protocol::Stopped{});
  pass(seconds(14));
  EXPECT_FALSE(agent.exit_code());
  pass(seconds(1));
  EXPECT_EQ(agent.exit_code(), 1);
}

TEST_F(AgentDrainTest, TheSecondRequestKillsAndLeaves) {
  run_trial();
  happen(StopRequested{});
  pass(milliseconds(500));
  happen(StopRequested{});
  EXPECT_EQ(trainer.kills, 1);
  EXPECT_EQ(agent.exit_code(), 2);
}

TEST_F(AgentDrainTest, RequestsThatComeTogetherAreOne) {
  run_trial();
  happen(StopRequested{});
  pass(milliseconds(499));
  happen(StopRequested{});
  EXPECT_EQ(trainer.kills, 0);
  EXPECT_FALSE(agent.exit_code());
}

TEST_F(AgentDrainTest, SaysWhyItGivesBackWhatItDoes) {
  run_trial();
  happen(StopRequested{ReleaseReason::kTimeLimit});
  say(protocol::Stopped{});
  EXPECT_EQ(reported_reason(), ReleaseReason::kTimeLimit);
}

TEST_F(AgentDrainTest, SaysWhyItGivesBackWhatItWasGivenMeanwhile) {
  answer_register();
  happen(StopRequested{ReleaseReason::kTimeLimit});
  answer_lease(Assignment(trial()));
  EXPECT_EQ(reported_reason(), ReleaseReason::kTimeLimit);
}

TEST_F(AgentDrainTest, LeavesWhenTheCoordinatorSaysSo) {
  run_trial();
  answer_next_heartbeat({.drain = true});
  EXPECT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told.back()));
  say(protocol::Stopped{});
  EXPECT_EQ(reported_reason(), ReleaseReason::kDrained);
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, LeavesWhenTheCoordinatorSaysSoWhileItWaitsForWork) {
  answer_register();
  answer_next_heartbeat({.drain = true});
  EXPECT_TRUE(link.lease_cancelled);
  answer_lease(absl::CancelledError("cancelled"));
  answer_lease(absl::FailedPreconditionError("it is to leave"));
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, BeginsNoWorkThatCameWithTheNewsThatItIsToLeave) {
  answer_register();
  pass_in_contact(kTtl);
  answer_lease(Assignment(trial()));  // late: a heartbeat has to say that its lease holds
  answer_heartbeat_with({.drain = true});
  EXPECT_TRUE(trainer.told.empty());
  EXPECT_EQ(reported_reason(), ReleaseReason::kDrained);
}

TEST_F(AgentDrainTest, BeingToldByEveryHeartbeatIsBeingToldOnce) {
  run_trial();
  for (int i = 0; i < 3; ++i) answer_next_heartbeat({.drain = true});
  EXPECT_EQ(trainer.told.size(), 2U);
  EXPECT_EQ(trainer.kills, 0);
  EXPECT_FALSE(agent.exit_code());
}

// What ends the machine after it was drained is no second request to stop at once.
TEST_F(AgentDrainTest, ASignalAfterTheCoordinatorsWordIsTheFirst) {
  run_trial();
  answer_next_heartbeat({.drain = true});
  pass(seconds(1));
  happen(StopRequested{});
  EXPECT_EQ(trainer.kills, 0);
  EXPECT_FALSE(agent.exit_code());
  pass(seconds(1));
  happen(StopRequested{});
  EXPECT_EQ(agent.exit_code(), 2);
}

}  // namespace
}  // namespace melsweep::agent

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
  const RequestId request = link.leasing->request;
  happen(StopRequested{});
  EXPECT_TRUE(link.lease_cancelled);
  answer_lease(absl::CancelledError("cancelled"));
  ASSERT_TRUE(link.leasing);
  EXPECT_EQ(link.leasing->request, request);
  EXPECT_EQ(link.leasing->wait, milliseconds(0));
  answer_lease(std::optional<Assignment>());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentDrainTest, GivesBackWhatItWasGivenMeanwhile) {
  answer_register();
  happen(StopRequested{});
  answer_lease(Assignment(trial()));
  EXPECT_EQ(trainer.starts, 0);
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

}  // namespace
}  // namespace melsweep::agent

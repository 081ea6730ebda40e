// What an agent does with work whose sweep is paused.
#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

class AgentPauseTest : public AgentUnderTest {
 protected:
  const HeartbeatAnswer ask_back_{.give_back = {attempt}};
};

TEST_F(AgentPauseTest, StopsTheTrainerGivesTheWorkBackAndAsksForOther) {
  run_trial();
  answer_next_heartbeat(ask_back_);
  EXPECT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told.back()));
  EXPECT_FALSE(link.leasing);
  say(protocol::Stopped{});
  EXPECT_EQ(reported_reason(), ReleaseReason::kPaused);
  answer_report(absl::OkStatus());
  EXPECT_TRUE(link.leasing);
  EXPECT_FALSE(agent.exit_code());
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(AgentPauseTest, StoresTheLastCheckpointFirst) {
  stores_at_once = false;
  run_trial();
  answer_next_heartbeat(ask_back_);
  say(protocol::Checkpointed{{500, folder / "step-500.safetensors", "hash"}});
  say(protocol::Stopped{});
  EXPECT_FALSE(link.reporting);
  answer_store(absl::OkStatus());
  ASSERT_TRUE(link.reporting);
  ASSERT_EQ(link.reporting->size(), 2U);
  EXPECT_TRUE(std::holds_alternative<CheckpointReport>(link.reporting->front().event));
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(link.reporting->back().event));
}

TEST_F(AgentPauseTest, BeingAskedByEveryHeartbeatIsBeingAskedOnce) {
  run_trial();
  for (int i = 0; i < 3; ++i) answer_next_heartbeat(ask_back_);
  EXPECT_EQ(trainer.told.size(), 2U);
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(AgentPauseTest, AResultThatComesFirstIsKept) {
  run_trial();
  answer_next_heartbeat(ask_back_);
  say(protocol::Finished{{30000, "/data/head", "beef"}, {}});
  EXPECT_TRUE(std::holds_alternative<CompletedReport>(reported()));
}

TEST_F(AgentPauseTest, KillsATrainerThatDoesNotStopAndGoesOn) {
  run_trial();
  answer_next_heartbeat(ask_back_);
  pass_in_contact(seconds(10));
  EXPECT_EQ(trainer.kills, 1);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  EXPECT_EQ(reported_reason(), ReleaseReason::kPaused);
  answer_report(absl::OkStatus());
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentPauseTest, BeginsNoWorkThatIsAskedBackAtOnce) {
  answer_register();
  pass_in_contact(kTtl);
  answer_lease(Assignment(trial()));  // late: a heartbeat has to say that its lease holds
  answer_heartbeat_with(ask_back_);
  EXPECT_TRUE(trainer.told.empty());
  EXPECT_EQ(reported_reason(), ReleaseReason::kPaused);
}

TEST_F(AgentPauseTest, OtherWorkIsNotGivenBack) {
  run_trial();
  answer_next_heartbeat({.give_back = {AttemptRef{TrialId{7}, 1}}});
  EXPECT_EQ(trainer.told.size(), 1U);
}

TEST_F(AgentPauseTest, AWorkerThatIsToStopMeanwhileLeaves) {
  run_trial();
  answer_next_heartbeat(ask_back_);
  happen(StopRequested{});
  say(protocol::Stopped{});
  EXPECT_EQ(reported_reason(), ReleaseReason::kPaused);
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
}

}  // namespace
}  // namespace melsweep::agent

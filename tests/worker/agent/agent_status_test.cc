// What an agent says of itself to those who watch it.
#include "worker/agent/agent_status.h"

#include "tests/worker/agent/agent_under_test.h"

namespace melsweep::agent {
namespace {

class AgentStatusTest : public AgentUnderTest {
 protected:
  void finish() { say(protocol::Finished{{30000, "/data/head", "beef"}, {}}); }
};

TEST_F(AgentStatusTest, IsConnectedFromItsRegistrationOn) {
  EXPECT_FALSE(agent.status().is_connected);
  answer_register();
  EXPECT_TRUE(agent.status().is_connected);
}

TEST_F(AgentStatusTest, IsNotConnectedWhileTheCoordinatorDoesNotAnswer) {
  run_trial();
  pass(kInterval);
  ASSERT_TRUE(link.beating);
  link.beating.reset();
  happen(HeartbeatAnswered{absl::UnavailableError("nobody there")});
  EXPECT_FALSE(agent.status().is_connected);
  EXPECT_EQ(agent.status().counts.unanswered_calls, 1);
  answer_next_heartbeat({});
  EXPECT_TRUE(agent.status().is_connected);
}

TEST_F(AgentStatusTest, FollowsATrialToItsEnd) {
  run_trial();
  EXPECT_EQ(agent.status().trials_held, 1);
  EXPECT_EQ(agent.status().trials_running, 1);
  link.reporting.reset();
  say(protocol::MetricsMeasured{{{500, "train/loss", 0.5}, {500, "validation/loss", 0.6}}});
  EXPECT_EQ(agent.status().unreported_points, 2u);
  finish();
  EXPECT_EQ(agent.status().trials_running, 0);
  EXPECT_EQ(agent.status().trials_held, 1) << "the coordinator does not have its end yet";
  while (link.reporting) answer_report(absl::OkStatus());
  const AgentStatus status = agent.status();
  EXPECT_EQ(status.trials_held, 0);
  EXPECT_EQ(status.unreported_points, 0u);
  EXPECT_EQ(status.counts.finished, 1);
  EXPECT_EQ(status.counts.steps, 30'000);
  EXPECT_EQ(status.counts.files_stored, 1);
}

TEST_F(AgentStatusTest, CountsATrainerThatDied) {
  run_trial();
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  EXPECT_EQ(agent.status().counts.trainer_failures, 1);
  EXPECT_EQ(agent.status().counts.failed, 1);
}

TEST_F(AgentStatusTest, CountsWorkThatIsNoLongerItsOwn) {
  run_trial();
  answer_next_heartbeat({.stop = {attempt}});
  EXPECT_EQ(agent.status().counts.abandoned, 1);
  EXPECT_EQ(agent.status().trials_held, 0);
}

TEST_F(AgentStatusTest, KnowsThatItIsLeaving) {
  run_trial();
  happen(StopRequested{});
  EXPECT_TRUE(agent.status().is_draining);
}

}  // namespace
}  // namespace melsweep::agent

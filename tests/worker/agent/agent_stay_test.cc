// An agent whose time is limited.
#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

class AgentOfAJob : public AgentUnderTest {
 protected:
  AgentOfAJob() : AgentUnderTest({.time_left = seconds(600), .margin = seconds(120)}) {}
};

TEST_F(AgentOfAJob, GivesItsWorkBackBeforeItsTimeIsUp) {
  run_trial();
  pass_in_contact(seconds(479));
  EXPECT_EQ(trainer.told.size(), 1U);
  pass_in_contact(seconds(2));
  ASSERT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told.back()));
  say(protocol::Stopped{});
  EXPECT_EQ(reported_reason(), ReleaseReason::kTimeLimit);
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentOfAJob, LeavesThenWithoutWorkToo) {
  answer_register();
  pass(seconds(481));
  answer_lease(std::optional<Assignment>());
  EXPECT_EQ(agent.exit_code(), 0);
}

class AgentWithoutPatience : public AgentUnderTest {
 protected:
  AgentWithoutPatience() : AgentUnderTest({.idle = seconds(60)}) {}
};

TEST_F(AgentWithoutPatience, LeavesOnceItHadNothingToDoForThatLong) {
  run_trial();
  pass_in_contact(seconds(300));
  EXPECT_FALSE(agent.exit_code());
  say(protocol::Finished{{30000, "/data/head", "beef"}, {}});
  answer_report(absl::OkStatus());
  pass_in_contact(seconds(59));
  EXPECT_FALSE(link.lease_cancelled);
  pass_in_contact(seconds(2));
  EXPECT_TRUE(link.lease_cancelled);
}

}  // namespace
}  // namespace melsweep::agent

// What becomes of the files of an attempt that has ended.
#include <gmock/gmock.h>

#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AgentLeftoversTest : public AgentUnderTest {
 protected:
  void finish() { say(protocol::Finished{{30000, folder / "head", "beef"}, {}}); }
  void end_trainer() { happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}}); }
};

TEST_F(AgentLeftoversTest, AFailedAttemptLeavesNone) {
  run_trial();
  EXPECT_THAT(artifacts.discarded, IsEmpty());
  say(protocol::Failed{{FailureKind::kBadConfiguration, "the loss diverged"}});
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, ADeadTrainerLeavesNone) {
  run_trial();
  end_trainer();
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, AnAttemptThatIsGivenBackLeavesNone) {
  run_trial();
  happen(StopRequested{});
  EXPECT_THAT(artifacts.discarded, IsEmpty()) << "the trainer still works on it";
  say(protocol::Stopped{});
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, AnAttemptThatIsNoLongerOursLeavesNoneThoughItFinishes) {
  run_trial();
  pass(kInterval);
  answer_heartbeat({attempt});
  EXPECT_THAT(artifacts.discarded, IsEmpty());
  finish();
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, AnAttemptWhoseLeaseRanOutLeavesNoneOnceTheTrainerIsGone) {
  run_trial();
  pass(kTtl);
  EXPECT_THAT(artifacts.discarded, IsEmpty());
  end_trainer();
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, OfATrainerThatIsBeingKilledNothingIsRemovedUnderItsHands) {
  run_trial();
  std::vector<MetricPoint> points(1'000'001, MetricPoint{1, "train/loss", 1.0});
  say(protocol::MetricsMeasured{points});
  EXPECT_EQ(trainer.kills, 1);
  EXPECT_THAT(artifacts.discarded, IsEmpty());
  end_trainer();
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, ACompletedAttemptKeepsItsFilesUntilTheCoordinatorHasThem) {
  stores_at_once = false;
  run_trial();
  finish();
  EXPECT_THAT(artifacts.discarded, IsEmpty());
  answer_store(absl::OkStatus());
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
}

TEST_F(AgentLeftoversTest, NothingIsRemovedWhileACheckpointIsOnItsWay) {
  stores_at_once = false;
  run_trial();
  say(protocol::Checkpointed{{500, folder / "step-500.safetensors", "beef"}});
  pass(kInterval);
  answer_heartbeat({attempt});
  say(protocol::Stopped{});
  EXPECT_TRUE(transfer.is_cancelled);
  EXPECT_THAT(artifacts.discarded, IsEmpty());
  EXPECT_FALSE(link.leasing) << "before that is over there is no place for other work";
  answer_store(absl::CancelledError("cancelled"));
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder));
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentLeftoversTest, LookingAtDataHasNone) {
  answer_register();
  answer_lease(Assignment(PrepareAssignment{{SweepId{3}, 1}, {}, {"random"}}));
  say(protocol::Failed{{FailureKind::kBadData, "no such folder"}});
  EXPECT_THAT(artifacts.discarded, IsEmpty());
}

}  // namespace
}  // namespace melsweep::agent

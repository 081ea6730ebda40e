#include "worker/agent/trainer_supervisor.h"

#include <gmock/gmock.h>

#include "tests/worker/agent/agent_under_test.h"

namespace melsweep::agent {
namespace {

using protocol::kVersion;
using ::testing::IsEmpty;

class TrainerSupervisorTest : public testing::Test {
 protected:
  static protocol::Hello hello() { return {kVersion, "fake", "cpu"}; }

  void make_busy() {
    ASSERT_THAT(supervisor.run(protocol::TrainTrial{}, now), IsEmpty());
    ASSERT_THAT(supervisor.on_said(hello(), now), IsEmpty());
    ASSERT_EQ(supervisor.state(), TrainerState::kBusy);
  }

  // The failure that follows once the process is gone.
  Failure failure_after_kill() {
    EXPECT_EQ(trainer.kills, 1);
    EXPECT_EQ(supervisor.state(), TrainerState::kDying);
    const auto news = supervisor.on_ended({.exit_code = 0, .signal = 9, .last_words = ""}, now);
    EXPECT_EQ(supervisor.state(), TrainerState::kAbsent);
    if (news.size() != 1 || !std::holds_alternative<Failure>(news.front().what)) {
      ADD_FAILURE() << "no failure came";
      return {};
    }
    return std::get<Failure>(news.front().what);
  }

  MonotonicTime now{seconds(1000)};
  FakeTrainer trainer;
  TrainerSupervisor supervisor{trainer,
                               {.hello = seconds(120), .stop = seconds(10), .silence = seconds(600)}};
};

TEST_F(TrainerSupervisorTest, AnotherProtocolIsAClearFailure) {
  supervisor.run(protocol::TrainTrial{}, now);
  supervisor.on_said(protocol::Hello{kVersion + 1, "other 2.0", "cpu"}, now);
  EXPECT_TRUE(trainer.told.empty());
  EXPECT_EQ(
      failure_after_kill().message,
      "the trainer (other 2.0) speaks protocol 2, and this worker 1: install a worker and a trainer that go "
      "together");
}

TEST_F(TrainerSupervisorTest, SilenceInPlaceOfAHelloIsAFailure) {
  supervisor.run(protocol::TrainTrial{}, now);
  EXPECT_EQ(supervisor.deadline(), now + seconds(120));
  supervisor.on_time(now + seconds(120));
  EXPECT_EQ(failure_after_kill().message, "the trainer did not say hello within 120 s of its start");
}

TEST_F(TrainerSupervisorTest, AnythingBeforeTheHelloIsAFailure) {
  supervisor.run(protocol::TrainTrial{}, now);
  supervisor.on_said(protocol::Stopped{}, now);
  EXPECT_EQ(failure_after_kill().message, "the trainer did not say hello first");
}

TEST_F(TrainerSupervisorTest, GarbageIsAFailure) {
  make_busy();
  supervisor.on_broke(absl::InvalidArgumentError("no JSON"));
  const Failure failure = failure_after_kill();
  EXPECT_EQ(failure.kind, FailureKind::kInternal);
  EXPECT_EQ(failure.message, "the trainer cannot be understood: no JSON");
}

TEST_F(TrainerSupervisorTest, TheAnswerToAnotherCommandIsAFailure) {
  make_busy();
  supervisor.on_said(protocol::DataPrepared{}, now);
  EXPECT_EQ(failure_after_kill().message, "the trainer answered a command with what belongs to another");
}

TEST_F(TrainerSupervisorTest, StoppingUnaskedIsAFailure) {
  make_busy();
  supervisor.on_said(protocol::Stopped{}, now);
  EXPECT_EQ(failure_after_kill().message, "the trainer stopped unasked");
}

TEST_F(TrainerSupervisorTest, IsUsableAgainAfterMisbehaviour) {
  make_busy();
  supervisor.on_broke(absl::InvalidArgumentError("no JSON"));
  failure_after_kill();
  trainer.kills = 0;
  make_busy();
  EXPECT_EQ(trainer.starts, 2);
}

TEST_F(TrainerSupervisorTest, AConfigurationErrorLeavesTheProcessRunning) {
  make_busy();
  const auto news = supervisor.on_said(protocol::Failed{{FailureKind::kBadConfiguration, "n_mels"}}, now);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(std::get<Failure>(news.front().what).message, "n_mels");
  EXPECT_EQ(supervisor.state(), TrainerState::kIdle);
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(TrainerSupervisorTest, ATrainerOutOfMemoryIsReplaced) {
  make_busy();
  EXPECT_THAT(supervisor.on_said(protocol::Failed{{FailureKind::kOutOfMemory, "GPU full"}}, now), IsEmpty());
  const Failure failure = failure_after_kill();
  EXPECT_EQ(failure.kind, FailureKind::kOutOfMemory);
  EXPECT_EQ(failure.message, "GPU full");
}

TEST_F(TrainerSupervisorTest, OneThatIgnoresAStopIsKilled) {
  make_busy();
  supervisor.stop(TrialId{}, now);
  EXPECT_EQ(supervisor.state(), TrainerState::kStopping);
  supervisor.on_time(now + seconds(10) - milliseconds(1));
  EXPECT_EQ(trainer.kills, 0);
  supervisor.on_time(now + seconds(10));
  EXPECT_EQ(trainer.kills, 1);
  const auto news = supervisor.on_ended({.exit_code = 0, .signal = 9, .last_words = ""}, now);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<WorkStopped>(news.front().what));
}

TEST_F(TrainerSupervisorTest, AStopThatCrossesTheEndIsForgiven) {
  make_busy();
  supervisor.stop(TrialId{}, now);
  const auto news = supervisor.on_said(protocol::Finished{}, now);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<protocol::Finished>(news.front().what));
  EXPECT_THAT(supervisor.on_said(protocol::Stopped{}, now), IsEmpty());
  EXPECT_EQ(supervisor.state(), TrainerState::kIdle);
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(TrainerSupervisorTest, OneThatHangsAtWorkIsKilled) {
  make_busy();
  EXPECT_EQ(supervisor.deadline(), now + seconds(600));
  supervisor.on_time(now + seconds(600));
  const Failure failure = failure_after_kill();
  EXPECT_EQ(failure.kind, FailureKind::kTrainerDied);
  EXPECT_EQ(failure.message,
            "the trainer said nothing for 600 s; the process was killed by signal 9 (Killed)");
}

TEST_F(TrainerSupervisorTest, AnyEventIsALifeSign) {
  make_busy();
  now += seconds(599);
  supervisor.on_said(protocol::ProgressMade{}, now);
  EXPECT_EQ(supervisor.deadline(), now + seconds(600));
  now += seconds(599);
  supervisor.on_said(protocol::MetricsMeasured{}, now);
  EXPECT_EQ(supervisor.deadline(), now + seconds(600));
}

TEST_F(TrainerSupervisorTest, AStopGetsNoMoreTimeForALifeSign) {
  make_busy();
  supervisor.stop(TrialId{}, now);
  supervisor.on_said(protocol::ProgressMade{}, now + seconds(5));
  EXPECT_EQ(supervisor.deadline(), now + seconds(10));
}

TEST_F(TrainerSupervisorTest, AnIdleTrainerMaySayNothing) {
  make_busy();
  ASSERT_EQ(supervisor.on_said(protocol::Finished{}, now).size(), 1U);
  EXPECT_FALSE(supervisor.deadline());
  supervisor.run(protocol::TrainTrial{}, now);
  EXPECT_EQ(supervisor.deadline(), now + seconds(600));
}

TEST_F(TrainerSupervisorTest, StoppingDuringTheStartEndsTheProcess) {
  supervisor.run(protocol::TrainTrial{}, now);
  supervisor.stop(TrialId{}, now);
  EXPECT_EQ(trainer.kills, 1);
  const auto news = supervisor.on_ended({.exit_code = 0, .signal = 9, .last_words = ""}, now);
  ASSERT_EQ(news.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<WorkStopped>(news.front().what));
}

TEST_F(TrainerSupervisorTest, WorkForATrainerThatDiedIdleGoesToTheNext) {
  make_busy();
  ASSERT_EQ(supervisor.on_said(protocol::Finished{}, now).size(), 1U);
  trainer.tell_status = absl::UnavailableError("broken pipe");
  EXPECT_THAT(supervisor.run(protocol::TrainTrial{}, now), IsEmpty());
  trainer.tell_status = absl::OkStatus();
  EXPECT_THAT(supervisor.on_ended({.exit_code = 1, .signal = 0, .last_words = ""}, now), IsEmpty());
  EXPECT_EQ(trainer.starts, 2);
  EXPECT_EQ(supervisor.state(), TrainerState::kStarting);
}

TEST_F(TrainerSupervisorTest, OneThatIsWarmedUpWaitsForWork) {
  supervisor.warm_up(now);
  EXPECT_EQ(supervisor.state(), TrainerState::kStarting);
  supervisor.on_said(hello(), now);
  EXPECT_EQ(supervisor.state(), TrainerState::kIdle);
  EXPECT_FALSE(supervisor.deadline());
  EXPECT_THAT(supervisor.run(protocol::TrainTrial{}, now), IsEmpty());
  EXPECT_EQ(trainer.starts, 1);
  EXPECT_EQ(trainer.told.size(), 1U);
}

TEST_F(TrainerSupervisorTest, AFailureToWarmUpIsNobodysAndTheNextWorkTriesAgain) {
  trainer.start_status = absl::NotFoundError("no such program");
  supervisor.warm_up(now);
  EXPECT_EQ(supervisor.state(), TrainerState::kAbsent);
  trainer.start_status = absl::OkStatus();
  supervisor.warm_up(now);
  EXPECT_THAT(supervisor.on_ended({.exit_code = 1, .signal = 0, .last_words = ""}, now), IsEmpty());
  make_busy();
  EXPECT_EQ(trainer.starts, 3);
}

TEST_F(TrainerSupervisorTest, OneThatTakesNoCommandsAfterItsHelloIsAFailure) {
  supervisor.run(protocol::TrainTrial{}, now);
  trainer.tell_status = absl::UnavailableError("broken pipe");
  EXPECT_THAT(supervisor.on_said(hello(), now), IsEmpty());
  EXPECT_EQ(failure_after_kill().message,
            "the trainer takes no commands; the process was killed by signal 9 (Killed)");
}

}  // namespace
}  // namespace melsweep::agent

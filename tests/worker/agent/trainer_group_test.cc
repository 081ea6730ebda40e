// One trainer with several trials at once.
#include <gmock/gmock.h>

#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/trainer_supervisor.h"

namespace melsweep::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TrialId kOne{1};
constexpr TrialId kTwo{2};
constexpr TrialId kThree{3};

class TrainerGroupTest : public testing::Test {
 protected:
  static protocol::TrainGroup group() {
    protocol::TrainGroup group;
    for (const TrialId trial : {kOne, kTwo, kThree}) {
      group.trials.emplace_back();
      group.trials.back().plan.id = trial;
    }
    return group;
  }

  void give_group() { ASSERT_THAT(supervisor.run(group(), now), IsEmpty()); }
  std::vector<WorkNews> say_hello() { return say(protocol::Hello{protocol::kVersion, "fake", "cpu", 8}); }
  void make_busy() {
    give_group();
    ASSERT_THAT(say_hello(), IsEmpty());
    ASSERT_EQ(supervisor.state(), TrainerState::kBusy);
  }

  std::vector<WorkNews> say(const protocol::Event& event) { return supervisor.on_said(event, now); }
  std::vector<WorkNews> die() {
    return supervisor.on_ended({.exit_code = 0, .signal = 9, .last_words = ""}, now);
  }

  // Whose news these are, where all of them are of that kind; else nobody's.
  template <class Kind>
  static std::vector<TrialId> whose(const std::vector<WorkNews>& news) {
    std::vector<TrialId> trials;
    for (const WorkNews& one : news) {
      if (!std::holds_alternative<Kind>(one.what)) return {};
      trials.push_back(one.trial);
    }
    return trials;
  }

  void expect_dismissed() {
    EXPECT_EQ(trainer.kills, 1);
    EXPECT_EQ(supervisor.state(), TrainerState::kDying);
  }

  MonotonicTime now{seconds(1000)};
  FakeTrainer trainer;
  TrainerSupervisor supervisor{trainer,
                               {.hello = seconds(120), .stop = seconds(10), .silence = seconds(600)}};
};

TEST_F(TrainerGroupTest, TheHelloSaysHowManyItTakes) {
  EXPECT_EQ(supervisor.max_group(), 1);
  make_busy();
  EXPECT_EQ(supervisor.max_group(), 8);
}

TEST_F(TrainerGroupTest, EachTrialHasNewsAndAnEndOfItsOwn) {
  make_busy();
  EXPECT_THAT(whose<MetricsReport>(say(protocol::MetricsMeasured{{}, kTwo})), ElementsAre(kTwo));
  EXPECT_THAT(whose<protocol::Finished>(say(protocol::Finished{{}, {}, kTwo})), ElementsAre(kTwo));
  EXPECT_FALSE(supervisor.is_at(kTwo));
  const protocol::Failed diverged{{FailureKind::kBadConfiguration, "diverged"}, kOne};
  EXPECT_THAT(whose<Failure>(say(diverged)), ElementsAre(kOne));
  EXPECT_EQ(supervisor.state(), TrainerState::kBusy);
  EXPECT_THAT(whose<protocol::Finished>(say(protocol::Finished{{}, {}, kThree})), ElementsAre(kThree));
  EXPECT_EQ(supervisor.state(), TrainerState::kIdle);
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(TrainerGroupTest, ProgressThatNamesNoTrialIsThatOfAll) {
  make_busy();
  say(protocol::Finished{{}, {}, kTwo});
  EXPECT_THAT(whose<Progress>(say(protocol::ProgressMade{{"training", 1, 2}})), ElementsAre(kOne, kThree));
  EXPECT_THAT(whose<Progress>(say(protocol::ProgressMade{{"training", 1, 2}, kThree})), ElementsAre(kThree));
}

TEST_F(TrainerGroupTest, WhatNamesNoTrialIsMisbehaviour) {
  make_busy();
  EXPECT_THAT(say(protocol::MetricsMeasured{}), IsEmpty());
  expect_dismissed();
}

TEST_F(TrainerGroupTest, WhatIsOfAnotherTrialIsMisbehaviour) {
  make_busy();
  EXPECT_THAT(say(protocol::MetricsMeasured{{}, TrialId{9}}), IsEmpty());
  expect_dismissed();
}

TEST_F(TrainerGroupTest, OneTrialIsStoppedAndTheOthersGoOn) {
  make_busy();
  supervisor.stop(kTwo, now);
  EXPECT_EQ(trainer.told.back(), protocol::Command(protocol::StopWork{kTwo}));
  EXPECT_EQ(supervisor.state(), TrainerState::kBusy);
  EXPECT_THAT(whose<WorkStopped>(say(protocol::Stopped{kTwo})), ElementsAre(kTwo));
  EXPECT_EQ(supervisor.deadline(), now + seconds(600)) << "the stop is over";
  EXPECT_TRUE(supervisor.is_at(kOne));
  EXPECT_TRUE(supervisor.is_at(kThree));
}

TEST_F(TrainerGroupTest, AStopThatCrossesTheTrialsEndIsForgiven) {
  make_busy();
  supervisor.stop(kTwo, now);
  say(protocol::Finished{{}, {}, kTwo});
  EXPECT_THAT(say(protocol::Stopped{kTwo}), IsEmpty());
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(TrainerGroupTest, AnotherTrialThanTheOneToldMayNotStop) {
  make_busy();
  supervisor.stop(kTwo, now);
  EXPECT_THAT(say(protocol::Stopped{kOne}), IsEmpty());
  expect_dismissed();
}

TEST_F(TrainerGroupTest, TheLifeOfTheOthersGivesNoMoreTimeToStop) {
  make_busy();
  supervisor.stop(kTwo, now);
  say(protocol::MetricsMeasured{{}, kOne});
  EXPECT_EQ(supervisor.deadline(), now + seconds(10));
  supervisor.on_time(now + seconds(10));
  EXPECT_EQ(trainer.kills, 1);
  const auto news = die();
  ASSERT_EQ(news.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<WorkStopped>(news[0].what));
  EXPECT_EQ(news[0].trial, kTwo);
  EXPECT_TRUE(std::holds_alternative<GroupDied>(news[1].what));
  EXPECT_TRUE(std::holds_alternative<GroupDied>(news[2].what));
}

TEST_F(TrainerGroupTest, ADeathIsNoTrialsFault) {
  make_busy();
  say(protocol::Finished{{}, {}, kTwo});
  EXPECT_THAT(whose<GroupDied>(die()), ElementsAre(kOne, kThree));
  EXPECT_FALSE(supervisor.has_work());
}

TEST_F(TrainerGroupTest, WhoeverRunsOutOfMemoryTogetherIsNotToBlameEither) {
  make_busy();
  EXPECT_THAT(say(protocol::Failed{{FailureKind::kOutOfMemory, "GPU full"}, kTwo}), IsEmpty());
  expect_dismissed();
  EXPECT_THAT(whose<GroupDied>(die()), ElementsAre(kOne, kTwo, kThree));
}

TEST_F(TrainerGroupTest, ATrainerThatDoesNotStartIsNoTrialsFault) {
  trainer.start_status = absl::NotFoundError("no such program");
  EXPECT_THAT(whose<GroupDied>(supervisor.run(group(), now)), ElementsAre(kOne, kTwo, kThree));
}

TEST_F(TrainerGroupTest, WhatIsToStopBeforeTheHelloIsNotBegun) {
  give_group();
  supervisor.stop(kTwo, now);
  EXPECT_EQ(trainer.kills, 0);
  EXPECT_THAT(whose<WorkStopped>(say_hello()), ElementsAre(kTwo));
  const auto& told = std::get<protocol::TrainGroup>(trainer.told.at(0));
  ASSERT_EQ(told.trials.size(), 2U);
  EXPECT_EQ(told.trials[0].plan.id, kOne);
  EXPECT_EQ(told.trials[1].plan.id, kThree);
}

TEST_F(TrainerGroupTest, AllThatIsToStopBeforeTheHelloEndsTheProcess) {
  give_group();
  for (const TrialId trial : {kOne, kTwo, kThree}) supervisor.stop(trial, now);
  EXPECT_EQ(trainer.kills, 1);
  EXPECT_THAT(whose<WorkStopped>(die()), ElementsAre(kOne, kTwo, kThree));
}

TEST_F(TrainerGroupTest, AGroupForATrainerThatDiedIdleGoesToTheNext) {
  make_busy();
  for (const TrialId trial : {kOne, kTwo, kThree}) say(protocol::Finished{{}, {}, trial});
  trainer.tell_status = absl::UnavailableError("broken pipe");
  give_group();
  supervisor.stop(kThree, now);
  trainer.tell_status = absl::OkStatus();
  EXPECT_THAT(whose<WorkStopped>(die()), ElementsAre(kThree));
  EXPECT_EQ(trainer.starts, 2);
  say_hello();
  EXPECT_EQ(std::get<protocol::TrainGroup>(trainer.told.back()).trials.size(), 2U);
}

}  // namespace
}  // namespace melsweep::agent

// Several trials that one lease gave, and one trainer that does them together.
#include <gmock/gmock.h>

#include <map>

#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr TrialId kOne{1};
constexpr TrialId kTwo{2};
constexpr TrialId kThree{3};

WorkRef attempt_at(TrialId trial) {
  return AttemptRef{trial, 2};
}

protocol::MetricsMeasured measured(TrialId trial, std::int64_t step = 500) {
  return {{{step, "train/loss", 1.0}}, trial};
}

class AgentGroupTest : public AgentUnderTest {
 protected:
  static std::vector<Assignment> three() { return {trial(1), trial(2), trial(3)}; }

  static std::filesystem::path folder_of(TrialId trial) {
    return "/data/artifacts/db-1/sweep-3/trial-" + std::to_string(trial.value) + "/attempt-2";
  }

  static Checkpoint checkpoint_of(TrialId trial, std::int64_t step) {
    return {step, (folder_of(trial) / ("step-" + std::to_string(step))).string(), "beef"};
  }

  void be_given(const std::vector<Assignment>& assignments) {
    answer_register();
    answer_leases(assignments);
  }

  // From nothing to a trainer at work on trials 1, 2 and 3.
  void run_group() {
    be_given(three());
    ASSERT_EQ(trainer.told.size(), 1U);
    answer_heartbeat();
  }

  void finish(TrialId trial) { say(protocol::Finished{checkpoint_of(trial, 30000), {}, trial}); }
  void end_trainer() { happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}}); }

  // Whose reports are under way.
  std::vector<WorkRef> reported_works() const {
    std::vector<WorkRef> works;
    if (!link.reporting) return works;
    for (const WorkReport& report : *link.reporting) works.push_back(report.work);
    return works;
  }

  // Acknowledges whatever is reported, and says how each work ended.
  std::map<WorkRef, ReportEvent> reported_ends() {
    std::map<WorkRef, ReportEvent> ends;
    while (link.reporting) {
      for (const WorkReport& report : *link.reporting) ends[report.work] = report.event;
      answer_report(absl::OkStatus());
    }
    return ends;
  }

  static ReleaseReason reason_of(const ReportEvent& event) { return std::get<ReleasedReport>(event).reason; }
};

TEST_F(AgentGroupTest, AsksForAsManyTrialsAsItsTrainerTakes) {
  answer_register();
  ASSERT_TRUE(link.leasing);
  EXPECT_EQ(link.leasing->max_trials, 8);
}

TEST_F(AgentGroupTest, GivesTheTrainerAllOfThemAtOnce) {
  run_group();
  const auto& group = std::get<protocol::TrainGroup>(trainer.told[0]);
  ASSERT_EQ(group.trials.size(), 3U);
  EXPECT_EQ(group.trials[1].plan.id, kTwo);
  EXPECT_EQ(group.trials[1].artifacts_dir, folder_of(kTwo));
  EXPECT_EQ(group.trials[1].checkpoint_every_s, 60.0);
}

TEST_F(AgentGroupTest, HeartbeatsCarryTheProgressOfEach) {
  run_group();
  say(protocol::ProgressMade{{"training", 500, 30000}});
  say(protocol::ProgressMade{{"training", 700, 30000}, kTwo});
  pass(kInterval);
  EXPECT_EQ(link.beating, (std::vector<RunningWork>{{attempt_at(kOne), {"training", 500, 30000}},
                                                    {attempt_at(kTwo), {"training", 700, 30000}},
                                                    {attempt_at(kThree), {"training", 500, 30000}}}));
}

TEST_F(AgentGroupTest, ReportsEachEndAndAsksForMoreAfterTheLast) {
  run_group();
  finish(kTwo);
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kTwo)));
  answer_report(absl::OkStatus());
  finish(kOne);
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kOne)));
  answer_report(absl::OkStatus());
  say(protocol::Failed{{FailureKind::kBadConfiguration, "diverged"}, kThree});
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kThree)));
  EXPECT_FALSE(link.leasing);
  answer_report(absl::OkStatus());
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentGroupTest, WhatAllOfThemMeasureIsReportedTogether) {
  run_group();
  say(measured(kOne));
  ASSERT_TRUE(link.reporting);
  for (const std::int64_t step : {1000, 1500}) {
    for (const TrialId trial : {kOne, kTwo, kThree}) say(measured(trial, step));
  }
  answer_report(absl::OkStatus());
  pass(milliseconds(500));
  EXPECT_THAT(reported_works(), UnorderedElementsAre(attempt_at(kOne), attempt_at(kTwo), attempt_at(kThree)));
}

TEST_F(AgentGroupTest, OneThatIsPausedIsGivenBackAndTheOthersGoOn) {
  run_group();
  answer_next_heartbeat({.give_back = {attempt_at(kTwo)}});
  ASSERT_EQ(trainer.told.size(), 2U);
  EXPECT_EQ(trainer.told[1], protocol::Command(protocol::StopWork{kTwo}));
  say(protocol::Checkpointed{checkpoint_of(kTwo, 700), kTwo});
  say(protocol::Stopped{kTwo});
  const auto ends = reported_ends();
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(reason_of(ends.at(attempt_at(kTwo))), ReleaseReason::kPaused);
  EXPECT_FALSE(link.leasing);
  finish(kOne);
  finish(kThree);
  EXPECT_EQ(reported_ends().size(), 2U);
  EXPECT_TRUE(link.leasing);
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(AgentGroupTest, OneThatIsNoLongerOursIsStoppedAndTheOthersGoOn) {
  run_group();
  say(measured(kTwo));
  say(measured(kOne));
  say(measured(kTwo, 1000));
  answer_next_heartbeat({.stop = {attempt_at(kTwo)}});
  EXPECT_EQ(trainer.told.back(), protocol::Command(protocol::StopWork{kTwo}));
  answer_report(absl::OkStatus());
  pass(milliseconds(500));
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kOne))) << "nothing of it counts any more";
  say(protocol::Stopped{kTwo});
  pass(kInterval);
  ASSERT_TRUE(link.beating);
  EXPECT_EQ(link.beating->size(), 2U);
}

TEST_F(AgentGroupTest, TheFilesOfOneGoWithIt) {
  run_group();
  answer_next_heartbeat({.stop = {attempt_at(kTwo)}});
  EXPECT_THAT(artifacts.discarded, IsEmpty()) << "the trainer still works on it";
  say(protocol::Stopped{kTwo});
  EXPECT_THAT(artifacts.discarded, ElementsAre(folder_of(kTwo)));
}

TEST_F(AgentGroupTest, OfReportsThatAreStaleTogetherOnlyTheStaleOnesAreLost) {
  run_group();
  say(measured(kOne));
  for (const TrialId trial : {kOne, kTwo, kThree}) say(measured(trial, 1000));
  answer_report(absl::OkStatus());
  pass(milliseconds(500));
  ASSERT_EQ(reported_works().size(), 3U);
  answer_report(absl::OkStatus(), {attempt_at(kTwo)});
  ASSERT_EQ(trainer.told.size(), 2U);
  EXPECT_EQ(trainer.told[1], protocol::Command(protocol::StopWork{kTwo}));
  finish(kOne);
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kOne)));
}

TEST_F(AgentGroupTest, OfReportsThatAreAllStaleEachIsDropped) {
  run_group();
  say(measured(kOne));
  for (const TrialId trial : {kOne, kTwo}) say(measured(trial, 1000));
  answer_report(absl::OkStatus());
  pass(milliseconds(500));
  answer_report(absl::FailedPreconditionError("stale"));
  EXPECT_EQ(trainer.told.size(), 3U);
  for (const TrialId trial : {kOne, kTwo}) say(protocol::Stopped{trial});
  EXPECT_FALSE(link.reporting);
  finish(kThree);
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kThree)));
}

TEST_F(AgentGroupTest, AReportThatCannotBeTakenFailsItsTrialAlone) {
  run_group();
  say(measured(kOne));
  answer_report(absl::OkStatus());
  for (const TrialId trial : {kTwo, kThree}) say(measured(trial));
  pass(milliseconds(500));
  answer_report(absl::InvalidArgumentError("trial 2 reports more than 64 different metrics"));
  while (link.reporting && std::holds_alternative<MetricsReport>(link.reporting->front().event)) {
    const bool is_odd = reported_works().front() == attempt_at(kTwo);
    answer_report(is_odd ? absl::InvalidArgumentError("too many metrics") : absl::OkStatus());
  }
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kTwo)));
  EXPECT_EQ(std::get<Failure>(reported()).kind, FailureKind::kInternal);
  EXPECT_EQ(trainer.told.back(), protocol::Command(protocol::StopWork{kTwo}));
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(AgentGroupTest, ATrainersDeathCostsNoneOfThemAnAttemptAndTakesNoResult) {
  run_group();
  finish(kTwo);
  end_trainer();
  answer_report(absl::OkStatus());  // of the result
  const auto ends = reported_ends();
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(reason_of(ends.at(attempt_at(kOne))), ReleaseReason::kGroupDied);
  EXPECT_EQ(reason_of(ends.at(attempt_at(kThree))), ReleaseReason::kGroupDied);
}

TEST_F(AgentGroupTest, ATrainersDeathMakesTheWorkerWaitOnceBeforeItAsksForMore) {
  run_group();
  end_trainer();
  EXPECT_EQ(reported_ends().size(), 3U);
  EXPECT_FALSE(link.leasing);
  pass(AgentOptions{}.after_failure.initial);
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentGroupTest, AFloodOfMetricsGivesAllOfThemBack) {
  run_group();
  const std::vector<MetricPoint> points(1'000'001, MetricPoint{1, "train/loss", 1.0});
  say(protocol::MetricsMeasured{points, kTwo});
  EXPECT_EQ(trainer.kills, 1);
  end_trainer();
  for (const auto& [work, event] : reported_ends()) EXPECT_EQ(reason_of(event), ReleaseReason::kGroupDied);
}

TEST_F(AgentGroupTest, WithoutContactAllOfThemEndAndAreGivenBack) {
  run_group();
  pass(kTtl);
  EXPECT_EQ(trainer.kills, 1);
  end_trainer();
  const auto ends = reported_ends();
  ASSERT_EQ(ends.size(), 3U);
  for (const auto& [work, event] : ends) EXPECT_EQ(reason_of(event), ReleaseReason::kNoContact);
}

TEST_F(AgentGroupTest, AWorkerThatIsToLeaveGivesAllOfThemBack) {
  run_group();
  happen(StopRequested{});
  EXPECT_EQ(trainer.told.size(), 4U) << "each was told to stop";
  for (const TrialId trial : {kThree, kOne, kTwo}) say(protocol::Stopped{trial});
  EXPECT_FALSE(agent.exit_code());
  EXPECT_EQ(reported_ends().size(), 3U);
  EXPECT_EQ(agent.exit_code(), 0);
  EXPECT_EQ(trainer.kills, 0);
}

TEST_F(AgentGroupTest, NoneBeginsBeforeAllOfThemHaveTheirCheckpoints) {
  TrialAssignment first = trial(1);
  first.checkpoints = {{1, 200, "one"}};
  TrialAssignment second = trial(2);
  second.checkpoints = {{1, 100, "two"}};
  be_given({first, second, trial(3)});
  ASSERT_TRUE(transfer.fetching);
  EXPECT_EQ(transfer.fetching->sha256, "one");
  answer_fetch(absl::OkStatus());
  EXPECT_TRUE(trainer.told.empty());
  ASSERT_TRUE(transfer.fetching);
  EXPECT_EQ(transfer.fetching->sha256, "two");
  answer_fetch(absl::OkStatus());
  const auto& group = std::get<protocol::TrainGroup>(trainer.told.at(0));
  EXPECT_EQ(group.trials[0].resume_from, (folder_of(kOne) / "resume.safetensors").string());
  EXPECT_EQ(group.trials[1].resume_from, (folder_of(kTwo) / "resume.safetensors").string());
  EXPECT_EQ(group.trials[2].resume_from, "");
  say(protocol::Resumed{100, kTwo});
  EXPECT_EQ(std::get<ResumedReport>(reported()).from, (ResumePoint{1, 100}));
}

TEST_F(AgentGroupTest, OneThatIsTakenBackBeforeItBeginsDoesNotHoldTheOthersUp) {
  TrialAssignment first = trial(1);
  first.checkpoints = {{1, 200, "one"}};
  be_given({first, trial(2)});
  answer_heartbeat();  // to one that was asked before they were given
  answer_heartbeat({attempt_at(kOne)});
  EXPECT_TRUE(transfer.is_cancelled);
  EXPECT_EQ(std::get<protocol::TrainTrial>(trainer.told.at(0)).plan.id, kTwo) << "what is left is no group";
}

TEST_F(AgentGroupTest, CheckpointsAreStoredInTurn) {
  stores_at_once = false;
  run_group();
  for (const TrialId trial : {kOne, kTwo}) say(protocol::Checkpointed{checkpoint_of(trial, 100), trial});
  EXPECT_EQ(transfer.storing, checkpoint_of(kOne, 100));
  now += milliseconds(1);
  say(protocol::Checkpointed{checkpoint_of(kOne, 200), kOne});
  answer_store(absl::OkStatus());
  EXPECT_THAT(reported_works(), ElementsAre(attempt_at(kOne)));
  EXPECT_EQ(transfer.storing, checkpoint_of(kTwo, 100)) << "before the other's second";
  now += milliseconds(1);
  answer_store(absl::OkStatus());
  EXPECT_EQ(transfer.storing, checkpoint_of(kOne, 200));
}

TEST_F(AgentGroupTest, OneWhoseUploadIsRefusedIsStoppedAlone) {
  stores_at_once = false;
  run_group();
  say(protocol::Checkpointed{checkpoint_of(kTwo, 100), kTwo});
  say(protocol::Checkpointed{checkpoint_of(kThree, 100), kThree});
  answer_store(absl::FailedPreconditionError("stale"));
  EXPECT_EQ(trainer.told.back(), protocol::Command(protocol::StopWork{kTwo}));
  EXPECT_EQ(transfer.storing, checkpoint_of(kThree, 100));
}

}  // namespace
}  // namespace melsweep::agent

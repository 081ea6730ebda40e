#include "worker/agent/agent.h"

#include "tests/worker/agent/agent_under_test.h"

namespace melsweep::agent {
namespace {

using protocol::kVersion;

class AgentTest : public AgentUnderTest {};

protocol::Finished finished() {
  return {{30000, "/data/head", "beef"}, {}};
}

TEST_F(AgentTest, RegistersBeforeItAsksForWork) {
  EXPECT_EQ(link.registering, "unknown");
  EXPECT_FALSE(link.leasing);
  answer_register();
  EXPECT_TRUE(link.leasing);
  EXPECT_TRUE(link.beating);
}

TEST_F(AgentTest, GoesOnAskingWhileThereIsNoWork) {
  answer_register();
  answer_lease(std::optional<Assignment>());
  EXPECT_TRUE(link.leasing);
  EXPECT_TRUE(trainer.told.empty());
}

TEST_F(AgentTest, AsksForWorkOnceItsTrainerHasSaidWhatItTakes) {
  happen(RegisterAnswered{LeaseTerms{kTtl, kInterval, kStore}});
  EXPECT_EQ(trainer.starts, 1);
  EXPECT_FALSE(link.leasing);
  say_hello();
  EXPECT_TRUE(link.leasing);
}

// Whatever is wrong with it, work is what makes it known to those who wait for it.
TEST_F(AgentTest, AsksForWorkThoughItsTrainerDiesAtItsStart) {
  happen(RegisterAnswered{LeaseTerms{kTtl, kInterval, kStore}});
  happen(TrainerEnded{{.exit_code = 127, .signal = 0, .last_words = "no libtorch"}});
  ASSERT_TRUE(link.leasing);
  EXPECT_EQ(link.leasing->max_trials, 1);
  answer_lease(Assignment(trial()));
  EXPECT_EQ(trainer.starts, 2);
  happen(TrainerEnded{{.exit_code = 127, .signal = 0, .last_words = "no libtorch"}});
  EXPECT_EQ(std::get<Failure>(reported()).message,
            "the trainer ended with exit code 127; its last words:\nno libtorch");
}

TEST_F(AgentTest, AsksForWorkThoughItsTrainerNeverSaysHello) {
  happen(RegisterAnswered{LeaseTerms{kTtl, kInterval, kStore}});
  pass(seconds(120));
  EXPECT_EQ(trainer.kills, 1);
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentTest, GivesTheTrainerItsWork) {
  answer_register();
  answer_lease(Assignment(trial()));
  EXPECT_EQ(trainer.starts, 1);
  ASSERT_EQ(trainer.told.size(), 1u);
  const auto& command = std::get<protocol::TrainTrial>(trainer.told[0]);
  EXPECT_EQ(command.plan.id, TrialId{7});
  EXPECT_EQ(command.artifacts_dir, folder);
}

TEST_F(AgentTest, TellsTheCoordinatorWhichDeviceTheTrainerHas) {
  link.registering.reset();
  happen(RegisterAnswered{LeaseTerms{kTtl, kInterval, kStore}});
  say(protocol::Hello{kVersion, "fake", "cuda:0"});
  EXPECT_EQ(link.registering, "cuda:0");
}

TEST_F(AgentTest, ReportsTheEndAndThenAsksForMore) {
  run_trial();
  EXPECT_FALSE(link.leasing);
  say(finished());
  EXPECT_EQ(std::get<CompletedReport>(reported()).checkpoint.step, 30000);
  EXPECT_FALSE(link.leasing) << "the work is ours until its end is durable";
  answer_report(absl::OkStatus());
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentTest, KeepsTheTrainerForTheNextWork) {
  run_trial();
  say(finished());
  answer_report(absl::OkStatus());
  answer_lease(Assignment(trial(8)));
  EXPECT_EQ(trainer.starts, 1);
  ASSERT_EQ(trainer.told.size(), 2u);
  EXPECT_EQ(std::get<protocol::TrainTrial>(trainer.told[1]).plan.id, TrialId{8});
}

TEST_F(AgentTest, PreparesDataAndReportsWhatItFound) {
  answer_register();
  answer_lease(Assignment(PrepareAssignment{{SweepId{3}, 1}, {}, {"random"}}));
  EXPECT_EQ(std::get<protocol::PrepareData>(trainer.told.at(0)).weights, std::vector<std::string>{"random"});
  DatasetReport report;
  report.content_hash = "abc";
  say(protocol::DataPrepared{report});
  EXPECT_EQ(std::get<DatasetReport>(reported()).content_hash, "abc");
  EXPECT_EQ(link.reporting->front().work, WorkRef(PrepareRef{SweepId{3}, 1}));
}

TEST_F(AgentTest, RepeatsAReportUntilItIsAcknowledged) {
  run_trial();
  say(finished());
  for (int i = 0; i < 5; ++i) {
    answer_report(absl::UnavailableError("down"));
    EXPECT_FALSE(link.reporting);
    pass_in_contact(seconds(6));
    EXPECT_TRUE(std::holds_alternative<CompletedReport>(reported()));
  }
  answer_report(absl::OkStatus());
  pass_in_contact(seconds(6));
  EXPECT_FALSE(link.reporting);
}

TEST_F(AgentTest, SendsMetricsThatComeFastTogether) {
  run_trial();
  say(protocol::MetricsMeasured{{{500, "train/loss", 1.0}}});
  ASSERT_TRUE(link.reporting);
  for (int step = 2; step <= 10; ++step) say(protocol::MetricsMeasured{{{500 * step, "train/loss", 1.0}}});
  answer_report(absl::OkStatus());
  EXPECT_FALSE(link.reporting) << "more may come";
  pass(milliseconds(500));
  EXPECT_EQ(std::get<MetricsReport>(reported()).points.size(), 9u);
}

TEST_F(AgentTest, MetricsGoBeforeTheEnd) {
  run_trial();
  say(protocol::MetricsMeasured{{{500, "train/loss", 1.0}}});
  say(protocol::MetricsMeasured{{{1000, "train/loss", 0.5}}});
  say(finished());
  answer_report(absl::OkStatus());
  ASSERT_TRUE(link.reporting);
  ASSERT_EQ(link.reporting->size(), 2u);
  EXPECT_EQ(std::get<MetricsReport>(link.reporting->at(0).event).points.front().step, 1000);
  EXPECT_TRUE(std::holds_alternative<CompletedReport>(link.reporting->at(1).event));
}

TEST_F(AgentTest, HeartbeatsCarryTheProgressAndTheInterval) {
  run_trial();
  say(protocol::ProgressMade{{"training", 500, 30000}});
  pass(kInterval - milliseconds(1));
  EXPECT_FALSE(link.beating);
  pass(milliseconds(1));
  ASSERT_TRUE(link.beating);
  EXPECT_EQ(*link.beating, (std::vector<RunningWork>{{attempt, {"training", 500, 30000}}}));
}

TEST_F(AgentTest, ATrainerThatDiesFailsTheAttemptWithItsLastWords) {
  run_trial();
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = "CUDA error"}});
  const auto failure = std::get<Failure>(reported());
  EXPECT_EQ(failure.kind, FailureKind::kTrainerDied);
  EXPECT_EQ(failure.message, "the trainer was killed by signal 9 (Killed); its last words:\nCUDA error");
}

TEST_F(AgentTest, ATrainerThatHangsFailsTheAttempt) {
  run_trial();
  pass_in_contact(seconds(599));
  say(protocol::ProgressMade{{"training", 1, 2}});
  pass_in_contact(seconds(599));
  EXPECT_EQ(trainer.kills, 0);
  pass_in_contact(seconds(1));
  EXPECT_EQ(trainer.kills, 1);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  EXPECT_EQ(std::get<Failure>(reported()).kind, FailureKind::kTrainerDied);
}

TEST_F(AgentTest, AFailureMakesTheWorkerWaitBeforeItAsksForMore) {
  run_trial();
  happen(TrainerEnded{{.exit_code = 1, .signal = 0, .last_words = ""}});
  answer_report(absl::OkStatus());
  EXPECT_FALSE(link.leasing);
  pass_in_contact(seconds(6));
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentTest, AFailureThatIsNoFaultOfTheMachineLeavesTheWorkerReady) {
  run_trial();
  for (const FailureKind kind : {FailureKind::kBadConfiguration, FailureKind::kBadData}) {
    say(protocol::Failed{{kind, "n_mels is larger than the FFT allows"}});
    answer_report(absl::OkStatus());
    ASSERT_TRUE(link.leasing);
    answer_lease(Assignment(trial(8)));
  }
}

TEST_F(AgentTest, ATrainerThatCannotBeStartedFailsTheAttempt) {
  trainer.start_status = absl::NotFoundError("cannot start /no/trainer: No such file or directory");
  answer_register();
  answer_lease(Assignment(trial()));
  EXPECT_EQ(std::get<Failure>(reported()).message, "cannot start /no/trainer: No such file or directory");
}

TEST_F(AgentTest, StopsWorkThatIsNoLongerItsOwn) {
  run_trial();
  pass(kInterval);
  answer_heartbeat({attempt});
  ASSERT_EQ(trainer.told.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told[1]));
  say(protocol::MetricsMeasured{{{500, "train/loss", 1.0}}});
  say(protocol::Stopped{});
  EXPECT_FALSE(link.reporting) << "nothing of it counts any more";
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentTest, DropsAnAttemptWhoseReportIsStale) {
  run_trial();
  say(protocol::MetricsMeasured{{{500, "train/loss", 1.0}}});
  answer_report(absl::FailedPreconditionError("stale"));
  EXPECT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told.back()));
  say(finished());
  EXPECT_FALSE(link.reporting);
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentTest, AReportThatCannotBeTakenBecomesAFailure) {
  run_trial();
  say(finished());
  answer_report(absl::InvalidArgumentError("prediction.true_class: 5 is not one of the 2 classes"));
  const auto failure = std::get<Failure>(reported());
  EXPECT_EQ(failure.kind, FailureKind::kInternal);
  EXPECT_NE(failure.message.find("prediction.true_class"), std::string::npos);
  answer_report(absl::InvalidArgumentError("not that either"));
  EXPECT_FALSE(link.reporting);
}

TEST_F(AgentTest, AReportLargerThanAMessageFailsForGood) {
  run_trial();
  say(protocol::Finished{});
  answer_report(absl::ResourceExhaustedError("it takes 20000000 bytes"));
  const auto failure = std::get<Failure>(reported());
  EXPECT_EQ(failure.kind, FailureKind::kBadData) << "which is not tried again";
  EXPECT_NE(failure.message.find("20000000"), std::string::npos);
}

TEST_F(AgentTest, AHeartbeatAnsweredLateStopsNothingElse) {
  run_trial();
  pass(kInterval);
  say(finished());
  answer_report(absl::OkStatus());
  answer_lease(Assignment(trial(8)));
  answer_heartbeat({attempt});
  EXPECT_TRUE(std::holds_alternative<protocol::TrainTrial>(trainer.told.back()));
}

TEST_F(AgentTest, AFloodOfMetricsEndsTheTrainer) {
  run_trial();
  std::vector<MetricPoint> points(400'000, MetricPoint{1, "train/loss", 1.0});
  for (int i = 0; i < 3; ++i) say(protocol::MetricsMeasured{points});
  EXPECT_EQ(trainer.kills, 1);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  answer_report(absl::OkStatus());
  EXPECT_NE(std::get<Failure>(reported()).message.find("1000000 points"), std::string::npos);
}

}  // namespace
}  // namespace melsweep::agent

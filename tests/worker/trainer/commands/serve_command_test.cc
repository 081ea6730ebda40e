// A conversation with the real trainer over pipes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/worker/trainer/commands/trainer_process.h"
#include "tests/worker/trainer/training/tiny_dataset.h"

namespace melsweep::commands {
namespace {

namespace fs = std::filesystem;
using protocol::Failed;
using protocol::Finished;
using protocol::Stopped;
using ::testing::HasSubstr;

class ServeTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("serve_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    trial.plan.dataset = training::write_tiny_dataset(folder / "sounds", 4, 2);
    trial.plan.settings.model.weights = "random";
    trial.plan.settings.training = {
        .steps = 20, .evaluate_every = 10, .batch_size = 4, .learning_rate = 0.05, .augmentation = {}};
    trial.artifacts_dir = (folder / "artifacts").string();
  }

  void TearDown() override { fs::remove_all(folder); }

  std::vector<std::string> arguments() const {
    return {"serve", "--data-dir", (folder / "data").string(), "--threads", "1"};
  }

  protocol::PrepareData prepare() const { return {.dataset = trial.plan.dataset, .weights = {"random"}}; }

  // Prepares, and puts the hashes of data and weights into the trial.
  void learn_hash(TrainerProcess& trainer) {
    trainer.send(prepare());
    const protocol::Event event = trainer.ending_event();
    ASSERT_TRUE(std::holds_alternative<protocol::DataPrepared>(event)) << protocol::encode(event);
    const DatasetReport& report = std::get<protocol::DataPrepared>(event).report;
    trial.plan.dataset_hash = report.content_hash;
    trial.plan.weights_hash = report.weights_hashes.at("random");
  }

  fs::path folder;
  protocol::TrainTrial trial;
};

TEST_F(ServeTest, SaysHelloPreparesTrainsAndLeaves) {
  TrainerProcess trainer(arguments());
  const auto hello = std::get<protocol::Hello>(trainer.event());
  EXPECT_EQ(hello.protocol, protocol::kVersion);
  EXPECT_THAT(hello.trainer, HasSubstr("melsweep-trainer"));
  EXPECT_FALSE(hello.device.empty());
  learn_hash(trainer);
  trainer.send(trial);
  std::vector<std::int64_t> measured;
  protocol::Event event = trainer.event();
  for (; !std::holds_alternative<Finished>(event); event = trainer.event()) {
    ASSERT_FALSE(std::holds_alternative<Failed>(event) || std::holds_alternative<Stopped>(event))
        << protocol::encode(event);
    if (const auto* metrics = std::get_if<protocol::MetricsMeasured>(&event)) {
      measured.push_back(metrics->points.at(0).step);
    }
  }
  EXPECT_THAT(measured, testing::ElementsAre(10, 20));
  EXPECT_EQ(std::get<Finished>(event).evaluation.predictions.size(), 2U);
  EXPECT_TRUE(fs::exists(std::get<Finished>(event).checkpoint.path));
  trainer.send(protocol::Shutdown{});
  EXPECT_EQ(trainer.wait(), 0);
}

TEST_F(ServeTest, StopsATrialAndTakesTheNext) {
  TrainerProcess trainer(arguments());
  trainer.event();
  learn_hash(trainer);
  protocol::TrainTrial endless = trial;
  endless.plan.settings.training.steps = 1'000'000'000;
  trainer.send(endless);
  while (!std::holds_alternative<protocol::MetricsMeasured>(trainer.event())) {
  }
  trainer.send(protocol::StopWork{});
  EXPECT_TRUE(std::holds_alternative<Stopped>(trainer.ending_event()));
  trainer.send(trial);
  EXPECT_TRUE(std::holds_alternative<Finished>(trainer.ending_event()));
}

TEST_F(ServeTest, TheEndOfInputStopsATrialAndLeaves) {
  TrainerProcess trainer(arguments());
  trainer.event();
  learn_hash(trainer);
  trial.plan.settings.training.steps = 1'000'000'000;
  trainer.send(trial);
  while (!std::holds_alternative<protocol::MetricsMeasured>(trainer.event())) {
  }
  trainer.close_input();
  EXPECT_TRUE(std::holds_alternative<Stopped>(trainer.ending_event()));
  EXPECT_EQ(trainer.wait(), 0);
}

TEST_F(ServeTest, SigtermStopsATrialAndLeaves) {
  TrainerProcess trainer(arguments());
  trainer.event();
  learn_hash(trainer);
  trial.plan.settings.training.steps = 1'000'000'000;
  trainer.send(trial);
  while (!std::holds_alternative<protocol::MetricsMeasured>(trainer.event())) {
  }
  trainer.signal(SIGTERM);
  EXPECT_TRUE(std::holds_alternative<Stopped>(trainer.ending_event()));
  EXPECT_EQ(trainer.wait(), 0);
}

TEST_F(ServeTest, LeavesWhenNobodyReadsItsEvents) {
  TrainerProcess trainer(arguments());
  trainer.event();
  learn_hash(trainer);
  trial.plan.settings.training.steps = 1'000'000'000;
  trainer.send(trial);
  while (!std::holds_alternative<protocol::MetricsMeasured>(trainer.event())) {
  }
  trainer.close_output();
  EXPECT_EQ(trainer.wait(), 1);
}

TEST_F(ServeTest, ABadLineIsAnsweredAndTheNextCommandDone) {
  TrainerProcess trainer(arguments());
  trainer.event();
  for (const std::string line : {"", "epoch 1", "[]", R"({"type":"train_trial"})", R"({"type":"dance"})"}) {
    trainer.send(line);
    const protocol::Event event = trainer.event();
    ASSERT_TRUE(std::holds_alternative<Failed>(event)) << line;
    EXPECT_EQ(std::get<Failed>(event).failure.kind, FailureKind::kBadConfiguration);
    EXPECT_THAT(std::get<Failed>(event).failure.message, HasSubstr("cannot read its command"));
  }
  trainer.send(prepare());
  EXPECT_TRUE(std::holds_alternative<protocol::DataPrepared>(trainer.ending_event()));
}

TEST_F(ServeTest, StopWithNothingRunningIsNotAnswered) {
  TrainerProcess trainer(arguments());
  trainer.event();
  trainer.send(protocol::StopWork{});
  trainer.send(prepare());
  EXPECT_TRUE(std::holds_alternative<protocol::DataPrepared>(trainer.ending_event()));
}

TEST_F(ServeTest, ABadClipFailsTheCommandNotTheTrainer) {
  fs::resize_file(folder / "sounds" / "clip3.wav", 0);
  TrainerProcess trainer(arguments());
  trainer.event();
  trainer.send(prepare());
  const protocol::Event event = trainer.ending_event();
  ASSERT_TRUE(std::holds_alternative<Failed>(event)) << protocol::encode(event);
  EXPECT_EQ(std::get<Failed>(event).failure.kind, FailureKind::kBadData);
  EXPECT_THAT(std::get<Failed>(event).failure.message, HasSubstr("clip3.wav"));
  trainer.send(protocol::Shutdown{});
  EXPECT_EQ(trainer.wait(), 0);
}

}  // namespace
}  // namespace melsweep::commands

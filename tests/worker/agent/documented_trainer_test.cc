// The trainer that docs/trainer-protocol.md shows, run as the agent runs trainers.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "shared/time/clock.h"
#include "tests/worker/trainer/protocol/protocol_page.h"
#include "worker/agent/trainer_process.h"

namespace melsweep::agent {
namespace {

constexpr std::chrono::seconds kPatience{60};  // a bound for what should take milliseconds

class DocumentedTrainer : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("python3 --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no python3 here";
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "trainer.py") << protocol::blocks_of_the_page("python").at(0);
    ASSERT_TRUE(trainer_.start().ok());
    next<protocol::Hello>();
  }

  void TearDown() override {
    inbox_.close();
    std::filesystem::remove_all(folder_);
  }

  void tell(const protocol::Command& command) { ASSERT_TRUE(trainer_.tell(command).ok()); }

  // The next thing that it says beside metrics, which must be an E.
  template <class E>
  void next() {
    while (true) {
      const auto event = inbox_.pop(SystemClock().now().monotonic + kPatience);
      ASSERT_TRUE(event && std::holds_alternative<TrainerSaid>(*event)) << "it said nothing, or is gone";
      const protocol::Event& said = std::get<TrainerSaid>(*event).event;
      if (std::holds_alternative<protocol::MetricsMeasured>(said)) continue;
      EXPECT_TRUE(std::holds_alternative<E>(said)) << "it said something else, index " << said.index();
      return;
    }
  }

  protocol::TrainTrial trial(std::int64_t steps) const {
    protocol::TrainTrial trial;
    trial.plan.dataset.path = "toy";
    trial.plan.dataset.split.validation_folds = {1};
    trial.plan.dataset_hash = "toy";
    trial.plan.settings.model.weights = "none";
    trial.plan.settings.training.steps = steps;
    trial.plan.settings.training.evaluate_every = steps;
    trial.artifacts_dir = (folder_ / "artifacts").string();
    return trial;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("documented-trainer-" + std::to_string(::getpid()));
  Inbox inbox_;
  TrainerProcess trainer_{
      {"/usr/bin/env", "python3", (folder_ / "trainer.py").string()}, inbox_, [](std::string_view) {}};
};

TEST_F(DocumentedTrainer, PreparesAndTrains) {
  tell(protocol::PrepareData{.dataset = trial(1).plan.dataset, .weights = {"none"}});
  next<protocol::DataPrepared>();
  tell(trial(10));
  next<protocol::Finished>();
  EXPECT_TRUE(std::filesystem::exists(folder_ / "artifacts" / "checkpoint.json"));
}

TEST_F(DocumentedTrainer, StopsWhenItIsTold) {
  tell(trial(1'000'000'000));
  tell(protocol::StopWork{});
  next<protocol::Stopped>();
}

TEST_F(DocumentedTrainer, AStopThatCrossesTheEndOfItsTrialLeavesTheNextAlone) {
  tell(trial(10));
  next<protocol::Finished>();
  tell(protocol::StopWork{});
  tell(trial(10));
  next<protocol::Finished>();
}

}  // namespace
}  // namespace melsweep::agent

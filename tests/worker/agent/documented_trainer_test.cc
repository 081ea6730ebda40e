// The trainer that docs/trainer-protocol.md shows, run as the agent runs trainers.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

  std::optional<protocol::Event> hear() {
    auto event = inbox_.pop(SystemClock().now().monotonic + kPatience);
    auto* said = event ? std::get_if<TrainerSaid>(&*event) : nullptr;
    if (said == nullptr) {
      ADD_FAILURE() << "it said nothing, or is gone";
      return std::nullopt;
    }
    return std::move(said->event);
  }

  // The next thing that it says beside metrics, which must be an E; E{} where it is not.
  template <class E>
  E next() {
    while (const auto event = hear()) {
      if (const auto* expected = std::get_if<E>(&*event)) return *expected;
      if (std::holds_alternative<protocol::MetricsMeasured>(*event)) continue;
      ADD_FAILURE() << "it said something else, index " << event->index();
      break;
    }
    return {};
  }

  // The last checkpoint before it stopped; Checkpoint{} where there was none.
  Checkpoint stop() {
    tell(protocol::StopWork{});
    Checkpoint kept;
    while (const auto event = hear()) {
      if (const auto* checkpointed = std::get_if<protocol::Checkpointed>(&*event))
        kept = checkpointed->checkpoint;
      if (std::holds_alternative<protocol::Stopped>(*event)) break;
    }
    return kept;
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
  EXPECT_TRUE(std::filesystem::exists(folder_ / "artifacts" / "step-10.json"));
}

TEST_F(DocumentedTrainer, KeepsWhatItHasDoneWhenItIsStoppedAndGoesOnFromThere) {
  protocol::TrainTrial endless = trial(1'000'000'000);
  endless.plan.settings.training.evaluate_every = 1'000;
  tell(endless);
  next<protocol::MetricsMeasured>();
  const Checkpoint kept = stop();
  EXPECT_GE(kept.step, 1'000);
  endless.resume_from = kept.path;
  tell(endless);
  EXPECT_EQ(next<protocol::Resumed>().step, kept.step);
  stop();
}

TEST_F(DocumentedTrainer, KeepsItsNewestTwoCheckpoints) {
  protocol::TrainTrial endless = trial(1'000'000'000);
  endless.checkpoint_every_s = 1e-6;
  tell(endless);
  std::vector<Checkpoint> told;
  for (int i = 0; i < 4; ++i) told.push_back(next<protocol::Checkpointed>().checkpoint);
  stop();
  EXPECT_FALSE(std::filesystem::exists(told[0].path));
  EXPECT_FALSE(std::filesystem::exists(told[1].path));
}

TEST_F(DocumentedTrainer, BeginsAnewWhereItCannotGoOn) {
  protocol::TrainTrial other = trial(10);
  tell(other);
  other.resume_from = next<protocol::Finished>().checkpoint.path;
  other.plan.seed = 9;
  tell(other);
  next<protocol::Finished>();
  other.resume_from = (folder_ / "nothing").string();
  tell(other);
  next<protocol::Finished>();
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

// A group of trials in a conversation with the real trainer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/worker/trainer/commands/trainer_process.h"
#include "tests/worker/trainer/training/tiny_dataset.h"

namespace melsweep::commands {
namespace {

namespace fs = std::filesystem;
using protocol::Checkpointed;
using protocol::Failed;
using protocol::Finished;
using protocol::MetricsMeasured;
using protocol::Stopped;

using Metrics = std::map<std::pair<std::int64_t, std::string>, double>;

// What was said of each trial, progress left out.
using Said = std::map<std::int64_t, std::vector<protocol::Event>>;

bool is_end(const protocol::Event& event) {
  return std::holds_alternative<Finished>(event) || std::holds_alternative<Failed>(event) ||
         std::holds_alternative<Stopped>(event);
}

std::int64_t trial_of(const protocol::Event& event) {
  return std::visit(
      [](const auto& message) -> std::int64_t {
        if constexpr (requires { message.trial; }) {
          return message.trial.value;
        } else {
          return 0;
        }
      },
      event);
}

Metrics metrics_of(const std::vector<protocol::Event>& said) {
  Metrics metrics;
  for (const protocol::Event& event : said) {
    if (const auto* measured = std::get_if<MetricsMeasured>(&event)) {
      for (const MetricPoint& point : measured->points) metrics[{point.step, point.name}] = point.value;
    }
  }
  return metrics;
}

class ServeGroupTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("serve_group_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    protocol::TrainTrial trial;
    trial.plan.dataset = training::write_tiny_dataset(folder / "sounds", 4, 2);
    trial.plan.settings.model.weights = "random";
    trainer.emplace(
        std::vector<std::string>{"serve", "--data-dir", (folder / "data").string(), "--threads", "2"});
    hello = std::get<protocol::Hello>(trainer->event());
    trainer->send(protocol::PrepareData{.dataset = trial.plan.dataset, .weights = {"random"}});
    const auto prepared = std::get<protocol::DataPrepared>(trainer->ending_event());
    trial.plan.dataset_hash = prepared.report.content_hash;
    trial.plan.weights_hash = prepared.report.weights_hashes.at("random");
    for (const double learning_rate : {0.05, 0.02, 0.01}) {
      trial.plan.id = TrialId{static_cast<std::int64_t>(group.trials.size()) + 7};
      trial.plan.settings.training = {.steps = 200,
                                      .evaluate_every = 50,
                                      .batch_size = 3,
                                      .learning_rate = learning_rate,
                                      .augmentation = {}};
      trial.artifacts_dir = (folder / "artifacts" / std::to_string(group.trials.size())).string();
      group.trials.push_back(trial);
    }
  }

  void TearDown() override { fs::remove_all(folder); }

  // Until every trial has ended. `heard` may send something.
  template <class Heard>
  Said listen(Heard heard) {
    Said said;
    std::size_t ended = 0;
    while (ended < group.trials.size()) {
      const protocol::Event event = trainer->event();
      if (std::holds_alternative<protocol::ProgressMade>(event)) continue;
      said[trial_of(event)].push_back(event);
      if (is_end(event)) ++ended;
      heard(event);
    }
    return said;
  }
  Said listen() {
    return listen([](const protocol::Event&) {});
  }

  void expect_as_alone(const std::vector<protocol::Event>& said, std::size_t i) {
    protocol::TrainTrial alone = group.trials[i];
    alone.artifacts_dir = (folder / "alone" / std::to_string(i)).string();
    trainer->send(alone);
    std::vector<protocol::Event> expected;
    do {
      expected.push_back(trainer->event());
    } while (!is_end(expected.back()));
    EXPECT_EQ(trial_of(expected.back()), 0);
    EXPECT_EQ(metrics_of(said), metrics_of(expected));
    const auto& finished = std::get<Finished>(said.back());
    EXPECT_EQ(finished.evaluation, std::get<Finished>(expected.back()).evaluation);
    EXPECT_EQ(finished.checkpoint.sha256, std::get<Finished>(expected.back()).checkpoint.sha256);
  }

  fs::path folder;
  std::optional<TrainerProcess> trainer;
  protocol::Hello hello;
  protocol::TrainGroup group;
};

TEST_F(ServeGroupTest, EveryTrialIsToldOfByItsNumberAndComesOutAsAlone) {
  EXPECT_GE(hello.max_group, 9);
  trainer->send(group);
  Said said = listen();
  EXPECT_EQ(said.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) expect_as_alone(said[7 + static_cast<std::int64_t>(i)], i);
}

TEST_F(ServeGroupTest, OneIsStoppedTheOthersGoOn) {
  group.trials[1].plan.settings.training.steps = 1'000'000'000;
  trainer->send(group);
  Said said = listen([this](const protocol::Event& event) {
    if (std::holds_alternative<MetricsMeasured>(event) && trial_of(event) == 8) {
      trainer->send(protocol::StopWork{TrialId{8}});
    }
  });
  EXPECT_EQ(said[8].back(), protocol::Event(Stopped{TrialId{8}}));
  EXPECT_TRUE(std::holds_alternative<Checkpointed>(said[8][said[8].size() - 2]));
  expect_as_alone(said[7], 0);
  expect_as_alone(said[9], 2);
}

TEST_F(ServeGroupTest, AStopOfEverythingEndsEachAndTheNextCommandIsDone) {
  for (protocol::TrainTrial& trial : group.trials) trial.plan.settings.training.steps = 1'000'000'000;
  trainer->send(group);
  bool sent = false;
  Said said = listen([&](const protocol::Event& event) {
    if (!sent && std::holds_alternative<MetricsMeasured>(event)) trainer->send(protocol::StopWork{});
    sent = sent || std::holds_alternative<MetricsMeasured>(event);
  });
  for (const auto& [trial, events] : said) {
    EXPECT_EQ(events.back(), protocol::Event(Stopped{TrialId{trial}}));
  }
  protocol::TrainTrial next = group.trials[0];
  next.plan.settings.training.steps = 10;
  trainer->send(next);
  EXPECT_TRUE(std::holds_alternative<Finished>(trainer->ending_event()));
}

TEST_F(ServeGroupTest, AStopOfATrialThatIsNotThereMeansNothing) {
  trainer->send(protocol::StopWork{TrialId{8}});
  trainer->send(group);
  trainer->send(protocol::StopWork{TrialId{99}});
  Said said = listen();
  for (const auto& [trial, events] : said) EXPECT_TRUE(std::holds_alternative<Finished>(events.back()));
}

TEST_F(ServeGroupTest, TheEndOfInputStopsThemAllAndLeaves) {
  for (protocol::TrainTrial& trial : group.trials) trial.plan.settings.training.steps = 1'000'000'000;
  trainer->send(group);
  while (!std::holds_alternative<MetricsMeasured>(trainer->event())) {
  }
  trainer->close_input();
  Said said = listen();
  for (const auto& [trial, events] : said) EXPECT_TRUE(std::holds_alternative<Stopped>(events.back()));
  EXPECT_EQ(trainer->wait(), 0);
}

}  // namespace
}  // namespace melsweep::commands

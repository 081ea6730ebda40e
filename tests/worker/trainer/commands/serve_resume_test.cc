// Checkpoints in a conversation with the real trainer, and after its death.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "shared/files/digest.h"
#include "tests/worker/trainer/commands/trainer_process.h"
#include "tests/worker/trainer/training/tiny_dataset.h"

namespace melsweep::commands {
namespace {

namespace fs = std::filesystem;
using protocol::Checkpointed;
using protocol::Finished;
using protocol::MetricsMeasured;
using protocol::Resumed;
using protocol::Stopped;

using Metrics = std::map<std::pair<std::int64_t, std::string>, double>;

// All that an attempt said, progress left out.
using Said = std::vector<protocol::Event>;

template <class E>
std::vector<E> all_of(const Said& said) {
  std::vector<E> found;
  for (const protocol::Event& event : said) {
    if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
  }
  return found;
}

class ServeResumeTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("serve_resume_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    trial.plan.dataset = training::write_tiny_dataset(folder / "sounds", 5, 2);
    trial.plan.settings.model.weights = "random";
    trial.plan.settings.training = {
        .steps = 20'000, .evaluate_every = 500, .batch_size = 4, .learning_rate = 0.05, .augmentation = {}};
    const auto trainer = start();
    trainer->send(protocol::PrepareData{.dataset = trial.plan.dataset, .weights = {"random"}});
    const auto prepared = std::get<protocol::DataPrepared>(trainer->ending_event());
    trial.plan.dataset_hash = prepared.report.content_hash;
    trial.plan.weights_hash = prepared.report.weights_hashes.at("random");
  }

  void TearDown() override { fs::remove_all(folder); }

  std::unique_ptr<TrainerProcess> start() const {
    auto trainer = std::make_unique<TrainerProcess>(
        std::vector<std::string>{"serve", "--data-dir", (folder / "data").string(), "--threads", "1"});
    EXPECT_TRUE(std::holds_alternative<protocol::Hello>(trainer->event()));
    return trainer;
  }

  // Sends the trial, with a folder of its own for this attempt.
  void begin(TrainerProcess& trainer) {
    trial.artifacts_dir = (folder / "artifacts" / std::to_string(++attempts)).string();
    trainer.send(trial);
  }

  // Up to the first E, or to the end of the trial where there is none.
  template <class E>
  static Said listen_for(TrainerProcess& trainer) {
    Said said;
    for (;;) {
      protocol::Event event = trainer.event();
      if (std::holds_alternative<protocol::ProgressMade>(event)) continue;
      said.push_back(std::move(event));
      const protocol::Event& last = said.back();
      if (std::holds_alternative<E>(last) || std::holds_alternative<Finished>(last) ||
          std::holds_alternative<Stopped>(last) || std::holds_alternative<protocol::Failed>(last)) {
        return said;
      }
    }
  }

  // What is left in the pipe of a process that is gone.
  static void hear_last_words(TrainerProcess& trainer, Said& said) {
    for (std::string line = trainer.line(); !line.empty(); line = trainer.line()) {
      auto event = protocol::decode_event(line);
      ASSERT_TRUE(event.ok()) << line;
      if (!std::holds_alternative<protocol::ProgressMade>(*event)) said.push_back(*std::move(event));
    }
  }

  // A whole attempt in a process of its own, which is killed once it has said so many things.
  Said attempt_killed_after(std::size_t events) {
    const auto trainer = start();
    begin(*trainer);
    Said said;
    while (said.size() < events && (said.empty() || !std::holds_alternative<Finished>(said.back()))) {
      protocol::Event event = trainer->event();
      if (!std::holds_alternative<protocol::ProgressMade>(event)) said.push_back(std::move(event));
    }
    trainer->signal(SIGKILL);
    hear_last_words(*trainer, said);
    EXPECT_EQ(trainer->wait(), -SIGKILL);
    return said;
  }

  Said attempt() {
    const auto trainer = start();
    begin(*trainer);
    return listen_for<Finished>(*trainer);
  }

  // Of all attempts, whether or not the trainer lived to tell of it; "" where there is none.
  std::string newest_checkpoint() const {
    std::pair<std::int64_t, std::string> newest;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "artifacts")) {
      const std::string name = entry.path().filename();
      std::int64_t step = 0;
      if (!name.starts_with("step-") || entry.path().extension() != ".safetensors") continue;
      std::from_chars(name.data() + 5, name.data() + name.size(), step);
      newest = std::max(newest, {step, entry.path().string()});
    }
    return newest.second;
  }

  static void stitch(const Said& said, Metrics& stitched) {
    for (const MetricsMeasured& measured : all_of<MetricsMeasured>(said)) {
      for (const MetricPoint& point : measured.points) {
        EXPECT_EQ(stitched.emplace(std::pair(point.step, point.name), point.value).first->second,
                  point.value);
      }
    }
  }

  fs::path folder;
  protocol::TrainTrial trial;
  int attempts = 0;
};

TEST_F(ServeResumeTest, ATrainerThatIsKilledAgainAndAgainComesToTheSameEnd) {
  const Said uninterrupted = attempt();
  Metrics expected;
  stitch(uninterrupted, expected);
  fs::remove_all(folder / "artifacts");
  trial.checkpoint_every_s = 0.002;
  std::mt19937 random(11);
  Metrics stitched;
  int resumed = 0;
  Said said;
  for (int kills = 0; kills < 5; ++kills) {
    said = attempt_killed_after(2 + random() % 12);
    stitch(said, stitched);
    resumed += !said.empty() && std::holds_alternative<Resumed>(said.front()) ? 1 : 0;
    trial.resume_from = newest_checkpoint();
  }
  said = attempt();
  stitch(said, stitched);
  resumed += std::holds_alternative<Resumed>(said.front()) ? 1 : 0;
  EXPECT_GT(resumed, 0);
  EXPECT_EQ(stitched, expected);
  const auto& last = std::get<Finished>(said.back());
  const auto& undisturbed = std::get<Finished>(uninterrupted.back());
  EXPECT_EQ(last.evaluation, undisturbed.evaluation);
  EXPECT_EQ(last.checkpoint.sha256, undisturbed.checkpoint.sha256);
  EXPECT_EQ(*files::sha256_file(last.checkpoint.path), last.checkpoint.sha256);
}

TEST_F(ServeResumeTest, AStoppedTrialIsKeptAndGoesOnInTheSameProcess) {
  const auto trainer = start();
  trial.plan.settings.training.steps = 1'000'000'000;
  begin(*trainer);
  Said said = listen_for<MetricsMeasured>(*trainer);
  trainer->send(protocol::StopWork{});
  const Said end = listen_for<Stopped>(*trainer);
  said.insert(said.end(), end.begin(), end.end());
  ASSERT_EQ(all_of<Checkpointed>(said).size(), 1U) << "only when stopped";
  ASSERT_TRUE(std::holds_alternative<Checkpointed>(said[said.size() - 2]));
  const Checkpoint kept = all_of<Checkpointed>(said)[0].checkpoint;
  EXPECT_EQ(kept.path, trial.artifacts_dir + "/step-" + std::to_string(kept.step) + ".safetensors");
  EXPECT_EQ(*files::sha256_file(kept.path), kept.sha256);
  trial.resume_from = kept.path;
  begin(*trainer);
  EXPECT_EQ(listen_for<MetricsMeasured>(*trainer).front(), protocol::Event(Resumed{kept.step}));
}

TEST_F(ServeResumeTest, ATrialThatCannotGoOnBeginsAnew) {
  trial.plan.settings.training.steps = 1'000;
  trial.resume_from = (folder / "nothing.safetensors").string();
  const Said said = attempt();
  EXPECT_TRUE(all_of<Resumed>(said).empty());
  EXPECT_EQ(all_of<MetricsMeasured>(said).front().points.at(0).step, 500);
}

}  // namespace
}  // namespace melsweep::commands

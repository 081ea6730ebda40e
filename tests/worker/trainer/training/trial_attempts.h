// A small trial, attempted as often as it takes: each attempt has a runner, an observer and a folder of its
// own, as after the death of the process before it. What the attempts share is what lies on the disk.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/worker/trainer/training/tiny_dataset.h"
#include "worker/trainer/training/trial_runner.h"

namespace melsweep::training {

// A second goes by whenever it is looked at: between two steps, where checkpoints are made in time.
class TickingClock final : public Clock {
 public:
  Now now() const override { return {time_ += std::chrono::seconds(1), {}}; }

 private:
  mutable MonotonicTime time_;
};

using Metrics = std::map<std::pair<std::int64_t, std::string>, double>;

struct Attempt {
  std::variant<Trained, Failure, Interrupted> end;
  std::vector<std::string> events;  // "resumed 5", "metrics 10", "checkpointed 12", as they came
  std::vector<Checkpoint> checkpoints;
  Metrics metrics;
};

class TrialAttempts : public testing::Test {
 protected:
  // Where an attempt is looked at, and may be told to stop.
  using OnProgress = std::function<void(const Progress&, std::stop_source&)>;

  void SetUp() override {
    folder = std::filesystem::path(testing::TempDir()) /
             ("attempts_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder);
    work.plan.dataset = write_tiny_dataset(folder / "sounds", 5, 2);
    work.plan.settings.model.weights = "random";
    work.plan.settings.training = {
        .steps = 40, .evaluate_every = 10, .batch_size = 4, .learning_rate = 0.05, .augmentation = {}};
    work.plan.weights_hash = "random";
    work.plan.seed = 3;
    TrialRunner runner(options(), clock);
    work.plan.dataset_hash =
        std::get<DatasetReport>(runner.prepare(work.plan.dataset, {}, {}, {})).content_hash;
  }

  void TearDown() override { std::filesystem::remove_all(folder); }

  void train_last_block(std::int64_t steps) {
    work.plan.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 1};
    work.plan.settings.training.learning_rate = 0.01;
    work.plan.settings.training.steps = steps;
    work.plan.settings.training.evaluate_every = 2;
  }

  TrialRunner::Options options() const { return {.data_dir = folder / "data", .threads = 1}; }

  Attempt attempt(const OnProgress& on_progress = nullptr) {
    TrialRunner runner(options(), clock);
    work.artifacts_dir = folder / ("attempt-" + std::to_string(++attempts));
    std::stop_source stopper;
    Attempt result;
    const TrainingObserver observer{
        .progress =
            [&](const Progress& progress) {
              if (on_progress) on_progress(progress, stopper);
            },
        .metrics =
            [&](const std::vector<MetricPoint>& points) {
              result.events.push_back("metrics " + std::to_string(points.at(0).step));
              for (const MetricPoint& point : points) result.metrics[{point.step, point.name}] = point.value;
            },
        .resumed = [&](std::int64_t step) { result.events.push_back("resumed " + std::to_string(step)); },
        .checkpointed =
            [&](const Checkpoint& checkpoint) {
              result.events.push_back("checkpointed " + std::to_string(checkpoint.step));
              result.checkpoints.push_back(checkpoint);
            }};
    result.end = runner.run(work, observer, stopper.get_token());
    if (const auto* failure = std::get_if<Failure>(&result.end)) {
      result.events.push_back("failed: " + failure->message);
    }
    return result;
  }

  // Is stopped when `step` has been learned.
  Attempt attempt_until(std::int64_t step) {
    return attempt([step](const Progress& progress, std::stop_source& stopper) {
      if (progress.stage == "training" && progress.done == step) stopper.request_stop();
    });
  }

  std::filesystem::path folder;
  TickingClock clock;
  TrialWork work;
  int attempts = 0;
};

inline const Trained& trained(const Attempt& attempt) {
  return std::get<Trained>(attempt.end);
}

}  // namespace melsweep::training

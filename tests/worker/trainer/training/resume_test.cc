// A trial that is interrupted and resumed must give what it gives uninterrupted, to the last bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "shared/files/digest.h"
#include "tests/worker/trainer/training/trial_attempts.h"

namespace melsweep::training {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// In (0, end), ascending.
std::set<std::int64_t> some_steps(std::mt19937& random, std::size_t count, std::int64_t end) {
  std::set<std::int64_t> steps;
  while (steps.size() < count) {
    steps.insert(1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end - 1)));
  }
  return steps;
}

class Resume : public TrialAttempts {
 protected:
  // Stops at each of the steps and goes on from there.
  void expect_the_same_with_stops_at(const std::set<std::int64_t>& steps, const Attempt& uninterrupted) {
    Metrics stitched;
    work.resume_from.clear();
    for (const std::int64_t step : steps) {
      const Attempt part = attempt_until(step);
      ASSERT_TRUE(std::holds_alternative<Interrupted>(part.end)) << step;
      ASSERT_EQ(part.checkpoints.size(), 1U);
      EXPECT_EQ(part.checkpoints[0].step, step);
      EXPECT_EQ(*files::sha256_file(part.checkpoints[0].path), part.checkpoints[0].sha256);
      stitch(part, stitched);
      work.resume_from = part.checkpoints[0].path;
    }
    const Attempt last = attempt();
    stitch(last, stitched);
    EXPECT_EQ(stitched, uninterrupted.metrics);
    expect_the_same_result(last, uninterrupted);
  }

  // What was measured twice must have come out the same.
  static void stitch(const Attempt& part, Metrics& stitched) {
    for (const auto& [what, value] : part.metrics) {
      EXPECT_EQ(stitched.emplace(what, value).first->second, value)
          << what.second << " of step " << what.first;
    }
  }

  static void expect_the_same_result(const Attempt& attempt, const Attempt& uninterrupted) {
    ASSERT_TRUE(std::holds_alternative<Trained>(attempt.end)) << attempt.events.back();
    EXPECT_EQ(trained(attempt).evaluation, trained(uninterrupted).evaluation);
    EXPECT_EQ(trained(attempt).checkpoint.sha256, trained(uninterrupted).checkpoint.sha256);
    EXPECT_EQ(*files::sha256_file(trained(attempt).checkpoint.path), trained(attempt).checkpoint.sha256);
  }
};

TEST_F(Resume, AHeadThatWasInterruptedAnywhereComesOutTheSame) {
  const Attempt uninterrupted = attempt();
  ASSERT_EQ(uninterrupted.metrics.size(), 16U);
  std::mt19937 random(7);
  for (const std::size_t stops : {1, 3, 5, 8}) {
    expect_the_same_with_stops_at(some_steps(random, stops, 40), uninterrupted);
  }
  expect_the_same_with_stops_at({10, 20, 40}, uninterrupted);  // measured ones, and the last
}

TEST_F(Resume, AHeadOnMixedAndBalancedExamplesThatWasInterruptedAnywhereComesOutTheSame) {
  work.plan.settings.training.augmentation = {Augmentation::kMixup};
  work.plan.settings.training.sampling = Sampling::kBalanced;
  work.plan.settings.training.class_weights = ClassWeights::kBalanced;
  const Attempt uninterrupted = attempt();
  std::mt19937 random(9);
  for (const std::size_t stops : {1, 4}) {
    expect_the_same_with_stops_at(some_steps(random, stops, 40), uninterrupted);
  }
}

TEST_F(Resume, AHeadInBfloat16ThatWasInterruptedAnywhereComesOutTheSame) {
  work.plan.settings.training.precision = Precision::kBfloat16;
  const Attempt uninterrupted = attempt();
  std::mt19937 random(8);
  for (const std::size_t stops : {1, 4}) {
    expect_the_same_with_stops_at(some_steps(random, stops, 40), uninterrupted);
  }
}

TEST_F(Resume, ANetworkThatWasInterruptedAnywhereComesOutTheSame) {
  train_last_block(7);
  work.plan.settings.training.optimizer = Optimizer::kAdam;
  work.plan.settings.training.learning_rate = 0.001;
  const Attempt uninterrupted = attempt();
  ASSERT_EQ(uninterrupted.metrics.size(), 16U);
  std::mt19937 random(8);
  expect_the_same_with_stops_at(some_steps(random, 2, 7), uninterrupted);
}

TEST_F(Resume, EveryCheckpointOfARunningTrialLeadsToTheSameEnd) {
  work.checkpoint_every_s = 6.0;
  const Attempt uninterrupted = attempt();
  EXPECT_EQ(uninterrupted.checkpoints.size(), 6U);
  // What is left of the attempt.
  std::size_t left = 0;
  for (const Checkpoint& checkpoint : uninterrupted.checkpoints) {
    work.resume_from = checkpoint.path;
    if (!fs::exists(work.resume_from)) continue;
    ++left;
    const Attempt resumed = attempt();
    EXPECT_EQ(resumed.events.front(), "resumed " + std::to_string(checkpoint.step));
    expect_the_same_result(resumed, uninterrupted);
  }
  EXPECT_EQ(left, 2U);
}

TEST_F(Resume, TheEventsComeInOrder) {
  work.plan.settings.training.steps = 10;
  work.plan.settings.training.evaluate_every = 4;
  const Attempt first = attempt_until(4);
  EXPECT_THAT(first.events, ElementsAre("metrics 4", "checkpointed 4"));
  work.resume_from = first.checkpoints[0].path;
  work.checkpoint_every_s = 3.0;  // a second before each step, and one more for each checkpoint
  EXPECT_THAT(attempt().events, ElementsAre("resumed 4", "metrics 4", "checkpointed 7", "metrics 8",
                                            "checkpointed 10", "metrics 10"));
}

TEST_F(Resume, AStopInAMeasurementKeepsItsStepWhichIsMeasuredAgain) {
  train_last_block(4);
  const Attempt first = attempt([](const Progress& progress, std::stop_source& stopper) {
    if (progress.stage == "evaluating") stopper.request_stop();
  });
  EXPECT_THAT(first.events, ElementsAre("checkpointed 2"));
  work.resume_from = first.checkpoints[0].path;
  EXPECT_THAT(attempt().events, ElementsAre("resumed 2", "metrics 2", "metrics 4"));
}

TEST_F(Resume, AStopInTheLastEvaluationKeepsTheLastStep) {
  const Attempt uninterrupted = attempt();
  const Attempt first = attempt([](const Progress& progress, std::stop_source& stopper) {
    if (progress.stage == "evaluating") stopper.request_stop();  // a head does not tell of measurements
  });
  EXPECT_EQ(first.events.back(), "checkpointed 40");
  work.resume_from = first.checkpoints[0].path;
  const Attempt last = attempt();
  EXPECT_THAT(last.events, ElementsAre("resumed 40", "metrics 40"));
  expect_the_same_result(last, uninterrupted);
}

TEST_F(Resume, WhereNothingWasLearnedThereIsNoCheckpoint) {
  const Attempt begun = attempt([](const Progress& progress, std::stop_source& stopper) {
    if (progress.stage == "bottlenecks") stopper.request_stop();
  });
  EXPECT_TRUE(std::holds_alternative<Interrupted>(begun.end));
  EXPECT_THAT(begun.events, IsEmpty());
  EXPECT_FALSE(fs::exists(work.artifacts_dir));
}

TEST_F(Resume, TheCheckpointThatItGoesOnFromIsLeftAlone) {
  work.resume_from = attempt_until(5).checkpoints.at(0).path;
  work.checkpoint_every_s = 1.0;
  const std::string before = *files::sha256_file(work.resume_from);
  attempt();
  EXPECT_EQ(*files::sha256_file(work.resume_from), before);
}

}  // namespace
}  // namespace melsweep::training

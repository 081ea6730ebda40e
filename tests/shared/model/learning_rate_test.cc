#include "shared/model/learning_rate.h"

#include <gtest/gtest.h>

namespace melsweep {
namespace {

TrainingSettings training_with(LearningRateSchedule schedule, std::int64_t warmup_steps = 0) {
  TrainingSettings training;
  training.steps = 100;
  training.learning_rate = 0.8;
  training.schedule = schedule;
  training.warmup_steps = warmup_steps;
  return training;
}

TEST(LearningRate, IsConstantByDefault) {
  const TrainingSettings training = training_with(LearningRateSchedule::kConstant);
  EXPECT_EQ(learning_rate_at(training, 1), 0.8);
  EXPECT_EQ(learning_rate_at(training, 100), 0.8);
}

TEST(LearningRate, FallsLinearlyTowardsZero) {
  const TrainingSettings training = training_with(LearningRateSchedule::kLinear);
  EXPECT_EQ(learning_rate_at(training, 1), 0.8);
  EXPECT_NEAR(learning_rate_at(training, 51), 0.4, 1e-15);
  EXPECT_NEAR(learning_rate_at(training, 100), 0.008, 1e-15);
}

TEST(LearningRate, FallsAlongHalfACosine) {
  const TrainingSettings training = training_with(LearningRateSchedule::kCosine);
  EXPECT_EQ(learning_rate_at(training, 1), 0.8);
  EXPECT_NEAR(learning_rate_at(training, 26), 0.8 * 0.8535533905932737, 1e-15);
  EXPECT_NEAR(learning_rate_at(training, 51), 0.4, 1e-15);
  EXPECT_GT(learning_rate_at(training, 100), 0.0);
}

TEST(LearningRate, RisesInTheWarmUpAndFallsAfterIt) {
  const TrainingSettings training = training_with(LearningRateSchedule::kLinear, 20);
  EXPECT_NEAR(learning_rate_at(training, 1), 0.04, 1e-15);
  EXPECT_EQ(learning_rate_at(training, 20), 0.8);
  EXPECT_EQ(learning_rate_at(training, 21), 0.8);
  EXPECT_NEAR(learning_rate_at(training, 61), 0.4, 1e-15);
}

TEST(LearningRate, OfAWarmUpAsLongAsTheTrainingOnlyRises) {
  const TrainingSettings training = training_with(LearningRateSchedule::kCosine, 100);
  EXPECT_NEAR(learning_rate_at(training, 50), 0.4, 1e-15);
  EXPECT_EQ(learning_rate_at(training, 100), 0.8);
}

}  // namespace
}  // namespace melsweep

#include "worker/trainer/training/softmax.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace melsweep::training {
namespace {

TEST(CrossEntropy, OfEqualLogitsIsTheLogarithmOfTheirNumber) {
  const std::array<float, 4> logits = {0.5F, 0.5F, 0.5F, 0.5F};
  EXPECT_NEAR(cross_entropy(logits, 2), std::log(4.0), 1e-12);
}

TEST(CrossEntropy, AgreesWithItsDefinition) {
  const std::array<float, 3> logits = {1.0F, -2.0F, 0.25F};
  const double sum = std::exp(1.0) + std::exp(-2.0) + std::exp(0.25);
  EXPECT_NEAR(cross_entropy(logits, 1), -std::log(std::exp(-2.0) / sum), 1e-12);
}

TEST(CrossEntropy, StaysFiniteForLargeLogits) {
  const std::array<float, 2> logits = {3e30F, -3e30F};
  EXPECT_NEAR(cross_entropy(logits, 1), 6e30, 1e24);
  EXPECT_EQ(cross_entropy(logits, 0), 0.0);
}

TEST(CrossEntropy, OfLogitsThatAreNoNumbersIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(std::isfinite(cross_entropy(std::array{nan, nan}, 0)));
  EXPECT_FALSE(std::isfinite(cross_entropy(std::array{0.0F, nan}, 0)));
  EXPECT_FALSE(std::isfinite(cross_entropy(std::array{infinity, 0.0F}, 0)));
}

TEST(Softmax, SumsToOneAndKeepsTheOrder) {
  const std::array<float, 3> logits = {1000.0F, 1001.0F, 999.0F};
  std::array<float, 3> probabilities{};
  softmax(logits, probabilities);
  EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1.0, 1e-6);
  EXPECT_NEAR(probabilities[1], std::exp(1.0) / (1.0 + std::exp(1.0) + std::exp(-1.0)), 1e-6);
  EXPECT_GT(probabilities[0], probabilities[2]);
}

TEST(Softmax, MayWriteOverItsInput) {
  std::array<float, 2> values = {0.0F, 0.0F};
  softmax(values, values);
  EXPECT_EQ(values, (std::array<float, 2>{0.5F, 0.5F}));
}

TEST(Argmax, IsTheFirstOfTheLargest) {
  EXPECT_EQ(argmax(std::array{1.0F, 3.0F, 3.0F}), 1);
  EXPECT_EQ(argmax(std::array{-1.0F}), 0);
}

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/rendering/blend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace melsweep::rendering {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

// What a ramp (sample i has the value i) has at the pixel.
double on_a_ramp(double begin, double end, std::size_t samples) {
  const Blend made = blend(begin, end, samples);
  double value = 0.0;
  for (std::size_t i = 0; i < made.weights.size(); ++i) {
    value += static_cast<double>(made.weights[i]) * static_cast<double>(made.first + i);
  }
  return value;
}

TEST(Blend, InterpolatesWherePixelsAreSmaller) {
  const Blend made = blend(2.2, 2.3, 10);  // its centre is 2.25
  double second = 0.0;
  for (std::size_t i = 0; i < made.weights.size(); ++i) {
    if (made.first + i == 3) second = made.weights[i];
  }
  EXPECT_NEAR(second, 0.25, 1e-6);
  EXPECT_NEAR(on_a_ramp(2.2, 2.3, 10), 2.25, 1e-6);
}

TEST(Blend, TakesTheMeanWherePixelsAreLarger) {
  const Blend made = blend(4.0, 6.0, 10);  // reaches two samples to both sides of 5
  EXPECT_EQ(made.first, 3U);
  EXPECT_THAT(made.weights,
              ElementsAre(FloatNear(0.0F, 1e-6F), FloatNear(0.25F, 1e-6F), FloatNear(0.5F, 1e-6F),
                          FloatNear(0.25F, 1e-6F), FloatNear(0.0F, 1e-6F)));
}

TEST(Blend, WeighsToOneEverywhere) {
  for (const std::size_t samples : {1U, 2U, 7U, 300U}) {
    for (double begin = -20.0; begin < 320.0; begin += 0.37) {
      for (const double width : {0.01, 0.9, 1.0, 3.7, 40.0}) {
        const Blend made = blend(begin, begin + width, samples);
        ASSERT_LE(made.first + made.weights.size(), samples);
        ASSERT_NEAR(std::accumulate(made.weights.begin(), made.weights.end(), 0.0), 1.0, 1e-5);
      }
    }
  }
}

TEST(Blend, TakesTheNearestBeyondTheEnds) {
  EXPECT_NEAR(on_a_ramp(-5.0, -4.5, 10), 0.0, 1e-6);
  EXPECT_NEAR(on_a_ramp(14.0, 14.5, 10), 9.0, 1e-6);
}

}  // namespace
}  // namespace melsweep::rendering

#include "worker/trainer/audio/decibels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace melsweep::audio {
namespace {

using testing::Each;
using testing::FloatNear;
using testing::Pointwise;

TEST(Decibels, OfPowerAreTenLogarithms) {
  std::vector<float> values = {100.0F, 10.0F, 1.0F, 200.0F};
  power_to_decibels(values, 80.0);
  EXPECT_THAT(values, Pointwise(FloatNear(1e-4F), {-3.0103F, -13.0103F, -23.0103F, 0.0F}));
}

TEST(Decibels, OfAmplitudeAreTwentyLogarithms) {
  std::vector<float> values = {100.0F, 10.0F, 1.0F};
  amplitude_to_decibels(values, 80.0);
  EXPECT_THAT(values, Pointwise(FloatNear(1e-4F), {0.0F, -20.0F, -40.0F}));
}

TEST(Decibels, StopAtTheFloor) {
  std::vector<float> values = {1.0F, 1e-7F, 1e-9F, 0.0F};
  power_to_decibels(values, 80.0);
  EXPECT_THAT(values, Pointwise(FloatNear(1e-4F), {0.0F, -70.0F, -80.0F, -80.0F}));
}

TEST(Decibels, WithoutAFloorStopAtLibrosasSmallestValue) {
  std::vector<float> powers = {1.0F, 0.0F};
  power_to_decibels(powers, std::numeric_limits<double>::infinity());
  EXPECT_THAT(powers, Pointwise(FloatNear(1e-3F), {0.0F, -100.0F}));
  std::vector<float> amplitudes = {1.0F, 0.0F};
  amplitude_to_decibels(amplitudes, std::numeric_limits<double>::infinity());
  EXPECT_THAT(amplitudes, Pointwise(FloatNear(1e-3F), {0.0F, -100.0F}));
}

TEST(Decibels, OfSilenceAreZero) {
  std::vector<float> values(5, 0.0F);
  power_to_decibels(values, 80.0);
  EXPECT_THAT(values, Each(0.0F));
  amplitude_to_decibels(values, 80.0);
  EXPECT_THAT(values, Each(0.0F));
}

TEST(Decibels, OfLargeAmplitudesDoNotOverflow) {
  std::vector<float> values = {1e30F, 1e29F};
  amplitude_to_decibels(values, 80.0);
  EXPECT_THAT(values, Pointwise(FloatNear(1e-3F), {0.0F, -20.0F}));
}

}  // namespace
}  // namespace melsweep::audio

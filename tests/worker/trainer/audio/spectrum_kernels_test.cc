#include "worker/trainer/audio/spectrum_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace melsweep::audio {
namespace {

std::vector<const SpectrumKernels*> all_kernels() {
  std::vector<const SpectrumKernels*> all;
  for (const SpectrumKernels* const* at = runnable_spectrum_kernels(); *at != nullptr; ++at)
    all.push_back(*at);
  return all;
}

TEST(SpectrumKernels, TakeTheLogarithmOfEveryMagnitude) {
  std::vector<float> values;
  for (double x = 1e-10; x < 3e38; x *= 1.0137) values.push_back(static_cast<float>(x));
  const double loudest = std::log10(static_cast<double>(values.back()));
  for (const SpectrumKernels* kernels : all_kernels()) {
    std::vector<float> made = values;
    kernels->decibels(made.data(), made.size(),
                      {.factor = 10.0F, .amin = 1e-10F, .floor = -std::numeric_limits<float>::infinity()});
    EXPECT_EQ(made.back(), 0.0F) << kernels->name;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double expected = 10.0 * (std::log10(static_cast<double>(values[i])) - loudest);
      ASSERT_NEAR(made[i], expected, 1e-4) << kernels->name << ", " << values[i];
    }
  }
}

TEST(SpectrumKernels, FindTheLoudestWhereverItIs) {
  for (const SpectrumKernels* kernels : all_kernels()) {
    for (const std::size_t count : {1, 3, 16, 37}) {
      for (std::size_t loudest = 0; loudest < count; ++loudest) {
        std::vector<float> values(count, 1.0F);
        values[loudest] = 10.0F;
        kernels->decibels(values.data(), count, {.factor = 10.0F, .amin = 1e-10F, .floor = -80.0F});
        for (std::size_t i = 0; i < count; ++i)
          ASSERT_NEAR(values[i], i == loudest ? 0.0F : -10.0F, 1e-5F) << kernels->name << ", " << count;
      }
    }
  }
}

TEST(SpectrumKernels, FindTheOneValueBeyondTheLimit) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const SpectrumKernels* kernels : all_kernels()) {
    for (const std::size_t count : {1, 16, 37}) {
      std::vector<float> values(count, -2.0F);
      EXPECT_TRUE(kernels->bounded(values.data(), count, 2.0F)) << kernels->name;
      for (std::size_t at = 0; at < count; ++at) {
        for (const float bad : {2.5F, -2.5F, kNan, std::numeric_limits<float>::infinity()}) {
          values[at] = bad;
          ASSERT_FALSE(kernels->bounded(values.data(), count, 2.0F))
              << kernels->name << ", " << at << ", " << bad;
        }
        values[at] = 0.0F;
      }
    }
  }
}

}  // namespace
}  // namespace melsweep::audio

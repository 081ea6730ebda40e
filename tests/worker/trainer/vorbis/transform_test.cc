#include "worker/trainer/vorbis/transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace melsweep::vorbis {
namespace {

// Against the sum that defines it.
TEST(Transform, GivesTheMiddleHalfOfABlock) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
  for (const std::size_t block : {64U, 256U, 2048U}) {
    const std::size_t lines = block / 2;
    const Floats spectrum = make_floats(lines);
    const Floats half = make_floats(lines);
    for (std::size_t k = 0; k < lines; ++k) spectrum[k] = uniform(random);
    Transform(block).run(spectrum, half);
    for (std::size_t n = 0; n < lines; ++n) {
      const double at = static_cast<double>(n + block / 4) + 0.5 + static_cast<double>(block) / 4;
      double sum = 0.0;
      for (std::size_t k = 0; k < lines; ++k) {
        sum += spectrum[k] * std::cos(2.0 * std::numbers::pi / static_cast<double>(block) * at *
                                      (static_cast<double>(k) + 0.5));
      }
      EXPECT_NEAR(half[n], sum, 1e-4) << n << " of " << block;
    }
  }
}

TEST(Transform, HasZerosWhereVectorsMayBegin) {
  const Floats floats = make_floats(100);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(floats.get()) % 32, 0U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(floats[i], 0.0F);
}

}  // namespace
}  // namespace melsweep::vorbis

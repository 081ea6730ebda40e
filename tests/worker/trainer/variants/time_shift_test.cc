#include "worker/trainer/variants/time_shift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace melsweep::variants {
namespace {

constexpr int kRate = 1000;  // Hz: the fades have 5 samples

// 1, 2, 3, ...
std::vector<float> ramp(std::size_t count) {
  std::vector<float> samples(count);
  std::iota(samples.begin(), samples.end(), 1.0F);
  return samples;
}

std::vector<float> shifted(std::size_t count, double shift_s, std::uint64_t seed) {
  std::vector<float> samples = ramp(count);
  shift_in_time(samples, kRate, shift_s, Random(seed, RandomStream::kVariants));
  return samples;
}

// By how many samples the sound came later, of those that are not faded; in (-count / 2, count / 2].
std::int64_t moved_by(const std::vector<float>& samples) {
  const auto count = static_cast<std::int64_t>(samples.size());
  const auto place = std::find(samples.begin(), samples.end(), static_cast<float>(count / 2));
  const std::int64_t moved = (place - samples.begin()) - (count / 2 - 1);
  return moved > count / 2 ? moved - count : (moved <= -count / 2 ? moved + count : moved);
}

TEST(ShiftInTime, BringsInAtOneEndWhatLeftAtTheOther) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<float> samples = shifted(3000, 0.5, seed);
    const std::int64_t moved = moved_by(samples);
    const std::vector<float> before = ramp(3000);
    const std::int64_t stitch = (moved + 3000) % 3000;
    int faded = 0;
    for (std::int64_t n = 0; n < 3000; ++n) {
      const float original = before[static_cast<std::size_t>((n - moved + 3000) % 3000)];
      const float now = samples[static_cast<std::size_t>(n)];
      if (n >= stitch - 5 && n < stitch + 5) {
        EXPECT_LT(now, original);
        ++faded;
      } else {
        ASSERT_EQ(now, original) << n;
      }
    }
    EXPECT_EQ(faded, 10) << "moved by " << moved;
    EXPECT_EQ(samples[static_cast<std::size_t>(stitch)], 0.1F) << "a tenth of the first sample, 1";
  }
}

TEST(ShiftInTime, MovesEitherWayByUpToTheShift) {
  std::int64_t least = 0;
  std::int64_t most = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const std::int64_t moved = moved_by(shifted(3000, 0.5, seed));
    ASSERT_LE(std::abs(moved), 500);
    least = std::min(least, moved);
    most = std::max(most, moved);
  }
  EXPECT_LT(least, -450);
  EXPECT_GT(most, 450);
}

TEST(ShiftInTime, KeepsTheSoundOfClipsThatAreShorterThanTheShift) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{30}}) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      std::vector<float> samples = shifted(count, 0.5, seed);
      ASSERT_EQ(samples.size(), count);
      EXPECT_GT(*std::ranges::max_element(samples), 0.0F);
    }
  }
  shift_in_time({}, kRate, 0.5, Random(1, RandomStream::kVariants));
}

}  // namespace
}  // namespace melsweep::variants

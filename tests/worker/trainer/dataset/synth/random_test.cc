#include "worker/trainer/dataset/synth/random.h"

#include <gtest/gtest.h>

#include <set>

namespace melsweep::synth {
namespace {

// The first numbers of SplitMix64 from seed 1234567, as published with its reference code.
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Random, HasAStreamForEachKey) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t a = 0; a < 10; ++a) {
    for (std::uint64_t b = 0; b < 10; ++b) firsts.insert(Random({a, b}).next());
  }
  EXPECT_EQ(firsts.size(), 100U);
}

TEST(Random, StaysWithinBounds) {
  Random random(1);
  std::set<int> seen;
  for (int i = 0; i < 1000; ++i) {
    const double value = random.uniform(-2.0, 3.0);
    ASSERT_GE(value, -2.0);
    ASSERT_LT(value, 3.0);
    seen.insert(random.integer(4, 6));
  }
  EXPECT_EQ(seen, (std::set<int>{4, 5, 6}));
}

}  // namespace
}  // namespace melsweep::synth

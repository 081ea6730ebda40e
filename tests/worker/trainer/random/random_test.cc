#include "worker/trainer/random/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace melsweep {
namespace {

TEST(Random, GivesTheSameNumbersForever) {
  // Written down once; another value here means that every trial of every sweep came out differently.
  Random random(7, RandomStream::kMinibatches);
  EXPECT_EQ(random.next(), UINT64_C(1643048376164816837));
  EXPECT_EQ(random.next(), UINT64_C(7260035645498427974));
}

TEST(Random, SeedsAndStreamsGiveDifferentNumbers) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    firsts.insert(Random(seed, RandomStream::kMinibatches).next());
    firsts.insert(Random(seed, RandomStream::kHeadWeights).next());
  }
  EXPECT_EQ(firsts.size(), 200U);
}

TEST(Random, NumbersOfAStreamGiveDifferentSequences) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t number = 0; number < 100; ++number) {
    firsts.insert(Random(7, RandomStream::kMixup, number).next());
  }
  EXPECT_EQ(firsts.size(), 100U);
}

// Mean 1/2, variance 1 / (4 (2 alpha + 1)).
TEST(Random, BetaHasItsMeanAndItsVariance) {
  for (const double alpha : {0.01, 0.2, 0.99, 1.0, 4.0, 100.0}) {
    Random random(3, RandomStream::kMixup);
    constexpr int kDraws = 20000;
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < kDraws; ++i) {
      const double number = random.beta(alpha);
      ASSERT_GE(number, 0.0);
      ASSERT_LE(number, 1.0);
      sum += number - 0.5;
      squares += (number - 0.5) * (number - 0.5);
    }
    const double variance = 1.0 / (4.0 * (2.0 * alpha + 1.0));
    EXPECT_NEAR(sum / kDraws, 0.0, 5.0 * std::sqrt(variance / kDraws)) << alpha;
    EXPECT_NEAR(squares / kDraws / variance, 1.0, 0.06) << alpha;
  }
}

TEST(Random, UniformStaysBelowOneAndFillsTheRange) {
  Random random(1, RandomStream::kMinibatches);
  double sum = 0.0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double number = random.uniform();
    ASSERT_GE(number, 0.0);
    ASSERT_LT(number, 1.0);
    sum += number;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);  // five deviations of the mean
}

TEST(Random, BelowGivesEveryNumberAboutEquallyOften) {
  Random random(2, RandomStream::kMinibatches);
  std::vector<int> counts(7, 0);
  constexpr int kDraws = 70000;
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t number = random.below(7);
    ASSERT_LT(number, 7U);
    ++counts[number];
  }
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 7, 500);  // five deviations
}

TEST(Random, BelowOneIsAlwaysZero) {
  Random random(3, RandomStream::kMinibatches);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, TruncatedNormalHasItsShape) {
  Random random(4, RandomStream::kHeadWeights);
  double sum = 0.0;
  double squares = 0.0;
  int inner = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double number = random.truncated_normal();
    ASSERT_LE(std::abs(number), 2.0);
    sum += number;
    squares += number * number;
    if (std::abs(number) < 1.0) ++inner;
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.01);
  EXPECT_NEAR(squares / kDraws, 0.7737, 0.01);                     // 1 - 4 pdf(2) / (cdf(2) - cdf(-2))
  EXPECT_NEAR(static_cast<double>(inner) / kDraws, 0.7152, 0.01);  // 0.6827 / 0.9545
}

}  // namespace
}  // namespace melsweep

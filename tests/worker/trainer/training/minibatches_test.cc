#include "worker/trainer/training/minibatches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

namespace melsweep::training {
namespace {

std::vector<std::uint32_t> draw(Minibatches& minibatches, std::size_t batches) {
  std::vector<std::uint32_t> drawn;
  for (std::size_t i = 0; i < batches; ++i) {
    const auto batch = minibatches.next();
    drawn.insert(drawn.end(), batch.begin(), batch.end());
  }
  return drawn;
}

RC_GTEST_PROP(Minibatches, EveryPassHoldsEachExampleOnce, ()) {
  const auto examples = *rc::gen::inRange<std::size_t>(1, 50);
  const auto batch_size = *rc::gen::inRange<std::size_t>(1, examples + 1);
  Minibatches minibatches(std::vector<int>(examples), Sampling::kShuffled, batch_size,
                          *rc::gen::arbitrary<std::uint64_t>());
  const auto drawn = draw(minibatches, 3 * examples);  // whole passes: 3 * batch_size of them
  std::vector<std::uint32_t> all(examples);
  std::iota(all.begin(), all.end(), 0U);
  for (std::size_t pass = 0; pass < 3 * batch_size; ++pass) {
    const auto begin = drawn.begin() + static_cast<std::ptrdiff_t>(pass * examples);
    RC_ASSERT(std::is_permutation(begin, begin + static_cast<std::ptrdiff_t>(examples), all.begin()));
  }
}

RC_GTEST_PROP(Minibatches, SkippedOnesAreThoseThatWouldHaveCome, ()) {
  const auto examples = *rc::gen::inRange<std::size_t>(1, 50);
  const auto batch_size = *rc::gen::inRange<std::size_t>(1, examples + 10);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto drawn = *rc::gen::inRange<std::size_t>(0, 20);
  const auto skipped = *rc::gen::inRange<std::size_t>(0, 200);
  Minibatches one(std::vector<int>(examples), Sampling::kShuffled, batch_size, seed);
  Minibatches other(std::vector<int>(examples), Sampling::kShuffled, batch_size, seed);
  draw(one, drawn + skipped);
  draw(other, drawn);
  other.skip(static_cast<std::int64_t>(skipped));
  RC_ASSERT(draw(one, 20) == draw(other, 20));
}

RC_GTEST_PROP(Minibatches, TheUpcomingOneIsWhatNextGives, ()) {
  const auto examples = *rc::gen::inRange<std::size_t>(1, 50);
  const auto batch_size = *rc::gen::inRange<std::size_t>(1, examples + 10);
  Minibatches minibatches(std::vector<int>(examples), Sampling::kShuffled, batch_size,
                          *rc::gen::arbitrary<std::uint64_t>());
  minibatches.skip(*rc::gen::inRange<std::int64_t>(0, 20));
  for (int step = 0; step < 20; ++step) {
    const std::vector<std::uint32_t> expected(minibatches.upcoming().begin(), minibatches.upcoming().end());
    const auto batch = minibatches.next();
    RC_ASSERT(std::ranges::equal(batch, expected));
  }
}

TEST(Minibatches, PassesAreShuffledAnew) {
  Minibatches minibatches(std::vector<int>(100), Sampling::kShuffled, 100, 1);
  const auto drawn = draw(minibatches, 2);
  EXPECT_FALSE(std::is_sorted(drawn.begin(), drawn.begin() + 100));
  EXPECT_FALSE(std::equal(drawn.begin(), drawn.begin() + 100, drawn.begin() + 100));
}

TEST(Minibatches, TheSameSeedGivesTheSameOrder) {
  Minibatches one(std::vector<int>(40), Sampling::kShuffled, 7, 5);
  Minibatches other(std::vector<int>(40), Sampling::kShuffled, 7, 5);
  EXPECT_EQ(draw(one, 30), draw(other, 30));
}

TEST(Minibatches, AnotherSeedGivesAnotherOrder) {
  Minibatches one(std::vector<int>(40), Sampling::kShuffled, 40, 5);
  Minibatches other(std::vector<int>(40), Sampling::kShuffled, 40, 6);
  EXPECT_NE(draw(one, 1), draw(other, 1));
}

TEST(Minibatches, TheOrderDoesNotDependOnTheBatchSize) {
  Minibatches small(std::vector<int>(40), Sampling::kShuffled, 10, 5);
  Minibatches large(std::vector<int>(40), Sampling::kShuffled, 20, 5);
  EXPECT_EQ(draw(small, 8), draw(large, 4));
}

TEST(Minibatches, ABatchLargerThanTheSetIsTheWholeSet) {
  Minibatches minibatches(std::vector<int>(3), Sampling::kShuffled, 2'000'000'000, 1);
  for (int step = 0; step < 3; ++step) {
    EXPECT_THAT(minibatches.next(), testing::UnorderedElementsAre(0U, 1U, 2U));
  }
}

// Classes 0, 1 and 2 with 7, 2 and 4 examples, mixed up; class 3 has none.
const std::vector<int> kUneven = {0, 1, 0, 2, 0, 2, 0, 0, 2, 0, 1, 2, 0};

TEST(Minibatches, BalancedOnesHoldEachClassEquallyOften) {
  Minibatches minibatches(kUneven, Sampling::kBalanced, 5, 3);
  std::vector<int> counts(3, 0);
  for (int batch = 0; batch < 300; ++batch) {
    for (const std::uint32_t example : minibatches.next())
      ++counts[static_cast<std::size_t>(kUneven[example])];
    const auto [least, most] = std::ranges::minmax(counts);
    ASSERT_LE(most - least, 1);
  }
}

TEST(Minibatches, BalancedOnesHoldTheExamplesOfAClassEquallyOften) {
  Minibatches minibatches(kUneven, Sampling::kBalanced, 5, 3);
  std::vector<int> counts(kUneven.size(), 0);
  for (const std::uint32_t example : draw(minibatches, 840)) ++counts[example];  // 1,400 rounds
  for (std::size_t i = 0; i < kUneven.size(); ++i) {
    EXPECT_EQ(counts[i], 1400 / std::ranges::count(kUneven, kUneven[i])) << i;
  }
}

TEST(Minibatches, BalancedRoundsAreShuffledAnew) {
  Minibatches minibatches(kUneven, Sampling::kBalanced, 3, 3);
  std::set<std::vector<int>> rounds;
  for (int round = 0; round < 200; ++round) {
    std::vector<int> classes;
    for (const std::uint32_t example : minibatches.next()) classes.push_back(kUneven[example]);
    rounds.insert(classes);
  }
  EXPECT_EQ(rounds.size(), 6U);
}

RC_GTEST_PROP(Minibatches, SkippedBalancedOnesAreThoseThatWouldHaveCome, ()) {
  const auto labels = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4)));
  const auto batch_size = *rc::gen::inRange<std::size_t>(1, labels.size() + 10);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto skipped = *rc::gen::inRange<std::size_t>(0, 200);
  Minibatches one(labels, Sampling::kBalanced, batch_size, seed);
  Minibatches other(labels, Sampling::kBalanced, batch_size, seed);
  draw(one, 3 + skipped);
  draw(other, 3);
  other.skip(static_cast<std::int64_t>(skipped));
  RC_ASSERT(draw(one, 20) == draw(other, 20));
}

}  // namespace
}  // namespace melsweep::training

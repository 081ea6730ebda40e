#include "worker/trainer/training/minibatches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
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
  Minibatches minibatches(examples, batch_size, *rc::gen::arbitrary<std::uint64_t>());
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
  Minibatches one(examples, batch_size, seed);
  Minibatches other(examples, batch_size, seed);
  draw(one, drawn + skipped);
  draw(other, drawn);
  other.skip(static_cast<std::int64_t>(skipped));
  RC_ASSERT(draw(one, 20) == draw(other, 20));
}

TEST(Minibatches, PassesAreShuffledAnew) {
  Minibatches minibatches(100, 100, 1);
  const auto drawn = draw(minibatches, 2);
  EXPECT_FALSE(std::is_sorted(drawn.begin(), drawn.begin() + 100));
  EXPECT_FALSE(std::equal(drawn.begin(), drawn.begin() + 100, drawn.begin() + 100));
}

TEST(Minibatches, TheSameSeedGivesTheSameOrder) {
  Minibatches one(40, 7, 5);
  Minibatches other(40, 7, 5);
  EXPECT_EQ(draw(one, 30), draw(other, 30));
}

TEST(Minibatches, AnotherSeedGivesAnotherOrder) {
  Minibatches one(40, 40, 5);
  Minibatches other(40, 40, 6);
  EXPECT_NE(draw(one, 1), draw(other, 1));
}

TEST(Minibatches, TheOrderDoesNotDependOnTheBatchSize) {
  Minibatches small(40, 10, 5);
  Minibatches large(40, 20, 5);
  EXPECT_EQ(draw(small, 8), draw(large, 4));
}

TEST(Minibatches, ABatchLargerThanTheSetIsTheWholeSet) {
  Minibatches minibatches(3, 2'000'000'000, 1);
  for (int step = 0; step < 3; ++step) {
    EXPECT_THAT(minibatches.next(), testing::UnorderedElementsAre(0U, 1U, 2U));
  }
}

}  // namespace
}  // namespace melsweep::training

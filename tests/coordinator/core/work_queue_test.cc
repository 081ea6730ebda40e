#include "coordinator/core/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::core {
namespace {

MonotonicTime at(int ms) {
  return MonotonicTime(std::chrono::milliseconds(ms));
}

TEST(WorkQueue, NamesTheLowestNumberOfEachSweepThatHasSomethingReady) {
  WorkQueue queue;
  queue.add({{3}, 0}, at(0));
  queue.add({{2}, 2}, at(0));
  queue.add({{2}, 1}, at(0));
  queue.add({{1}, 2}, at(0));
  queue.add({{1}, 1}, at(5));
  queue.add({{4}, 1}, at(5));
  queue.release_due(at(0));
  EXPECT_THAT(queue.next_of_each_sweep(),
              testing::ElementsAre(WorkKey{{1}, 2}, WorkKey{{2}, 1}, WorkKey{{3}, 0}));
  queue.take({{2}, 1});
  queue.take({{3}, 0});
  queue.release_due(at(5));
  EXPECT_THAT(queue.next_of_each_sweep(),
              testing::ElementsAre(WorkKey{{1}, 1}, WorkKey{{2}, 2}, WorkKey{{4}, 1}));
}

TEST(WorkQueue, KeepsWorkUntilItsTime) {
  WorkQueue queue;
  queue.add({{1}, 1}, at(10));
  queue.release_due(at(9));
  EXPECT_FALSE(queue.has_ready());
  EXPECT_EQ(queue.next_release(), at(10));
  queue.release_due(at(10));
  EXPECT_TRUE(queue.has_ready());
  EXPECT_EQ(queue.next_release(), std::nullopt);
}

TEST(WorkQueue, ForgetsWhatIsRemovedReadyOrNot) {
  WorkQueue queue;
  queue.add({{1}, 1}, at(0));
  queue.release_due(at(0));
  queue.add({{1}, 2}, at(10));
  queue.remove({{1}, 1});
  queue.remove({{1}, 2});
  queue.remove({{1}, 3});
  queue.release_due(at(10));
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_THAT(queue.next_of_each_sweep(), testing::IsEmpty());
}

// Trials of sweep 1, numbered by the minibatches that they share.
Grouping like(int family, std::int64_t batch_size, std::uint64_t seed) {
  return {family, batch_size, seed, 10};
}

TEST(WorkQueue, HandsOutBesideATrialThoseFirstThatShareItsMinibatches) {
  WorkQueue queue;
  queue.add({{1}, 1}, at(0), like(1, 100, 0));
  queue.add({{1}, 2}, at(0), like(1, 50, 0));
  queue.add({{1}, 3}, at(0), like(1, 100, 1));
  queue.add({{1}, 4}, at(0), like(1, 100, 0));
  queue.add({{1}, 5}, at(0), like(2, 100, 0));
  queue.add({{1}, 6}, at(9), like(1, 100, 0));
  queue.add({{2}, 1}, at(0), like(1, 100, 0));
  queue.add({{1}, 7}, at(0));
  queue.release_due(at(0));
  queue.take({{1}, 1});
  EXPECT_EQ(queue.ready_cost({1}, 1), 30);
  EXPECT_THAT(queue.take_beside({{1}, 1}, like(1, 100, 0), {9, 1000}),
              testing::ElementsAre(WorkKey{{1}, 4}, WorkKey{{1}, 3}, WorkKey{{1}, 2}));
  EXPECT_EQ(queue.ready_cost({1}, 1), 0);
  EXPECT_THAT(queue.next_of_each_sweep(), testing::ElementsAre(WorkKey{{1}, 5}, WorkKey{{2}, 1}));
}

TEST(WorkQueue, FillsAGroupUpToItsLimits) {
  WorkQueue queue;
  for (int number = 2; number <= 9; ++number) queue.add({{1}, number}, at(0), like(1, 100, 0));
  queue.release_due(at(0));
  EXPECT_THAT(queue.take_beside({{1}, 1}, like(1, 100, 0), {9, 10}), testing::IsEmpty());
  EXPECT_THAT(queue.take_beside({{1}, 1}, like(1, 100, 0), {9, 24}), testing::SizeIs(1)) << "20 is nearest";
  EXPECT_THAT(queue.take_beside({{1}, 1}, like(1, 100, 0), {9, 25}), testing::SizeIs(2)) << "30 is as near";
  EXPECT_THAT(queue.take_beside({{1}, 1}, like(1, 100, 0), {3, 1000}), testing::SizeIs(3));
  EXPECT_EQ(queue.ready_cost({1}, 1), 20);
}

// A grid of batch sizes for two workers: 450 and 600, and none of the largest is torn from its like.
TEST(WorkQueue, AMemberOfWhichLessThanHalfIsLackingStaysForOthers) {
  WorkQueue queue;
  const auto costing = [](std::int64_t cost) { return Grouping{1, cost, 0, cost}; };
  int number = 2;
  for (const std::int64_t cost : {50, 50, 100, 100, 100, 200, 200, 200}) {
    queue.add({{1}, number++}, at(0), costing(cost));
  }
  queue.release_due(at(0));
  EXPECT_THAT(queue.take_beside({{1}, 1}, costing(50), {9, 525}), testing::SizeIs(5));
  EXPECT_EQ(queue.ready_cost({1}, 1), 600);
}

TEST(WorkQueue, ForgetsFamiliesWithTheirWork) {
  WorkQueue queue;
  queue.add({{1}, 1}, at(0), like(1, 100, 0));
  queue.release_due(at(0));
  queue.remove({{1}, 1});
  EXPECT_EQ(queue.ready_cost({1}, 1), 0);
  EXPECT_THAT(queue.take_beside({{1}, 2}, like(1, 100, 0), {9, 1000}), testing::IsEmpty());
}

}  // namespace
}  // namespace melsweep::core

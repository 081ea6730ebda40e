#include "coordinator/core/work_queue.h"

#include <gtest/gtest.h>

namespace melsweep::core {
namespace {

MonotonicTime at(int ms) {
  return MonotonicTime(std::chrono::milliseconds(ms));
}

TEST(WorkQueue, HandsOutPreparationsThenTheOlderSweepAndThenTheLowerNumber) {
  WorkQueue queue;
  queue.add({{3}, 0}, at(0));
  queue.add({{2}, 1}, at(0));
  queue.add({{2}, 0}, at(0));
  queue.add({{1}, 2}, at(0));
  queue.add({{1}, 1}, at(5));
  queue.release_due(at(5));
  EXPECT_EQ(queue.take(), (WorkKey{{2}, 0}));
  EXPECT_EQ(queue.take(), (WorkKey{{3}, 0}));
  EXPECT_EQ(queue.take(), (WorkKey{{1}, 1}));
  EXPECT_EQ(queue.take(), (WorkKey{{1}, 2}));
  EXPECT_EQ(queue.take(), (WorkKey{{2}, 1}));
  EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(WorkQueue, HandsOutTheSweepThatIsServedFirstBeforeAllOthers) {
  WorkQueue queue;
  for (const WorkKey& key :
       {WorkKey{{1}, 0}, WorkKey{{2}, 1}, WorkKey{{3}, 0}, WorkKey{{3}, 1}, WorkKey{{4}, 1}})
    queue.add(key, at(0));
  queue.serve_first({3});
  queue.release_due(at(0));
  EXPECT_EQ(queue.take(), (WorkKey{{3}, 0}));
  EXPECT_EQ(queue.take(), (WorkKey{{3}, 1}));
  EXPECT_EQ(queue.take(), (WorkKey{{1}, 0}));
  EXPECT_EQ(queue.take(), (WorkKey{{2}, 1}));
  EXPECT_EQ(queue.take(), (WorkKey{{4}, 1}));
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
  EXPECT_EQ(queue.take(), std::nullopt);
}

}  // namespace
}  // namespace melsweep::core

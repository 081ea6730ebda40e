#include "worker/trainer/features/bounded_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace melsweep::features {
namespace {

TEST(BoundedQueue, HandsOverInOrder) {
  BoundedQueue<std::unique_ptr<int>> queue(2);
  std::jthread producer([&](const std::stop_token& stop) {
    for (int i = 0; i < 100; ++i) queue.push(std::make_unique<int>(i), stop);
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(**queue.pop({}), i);
}

TEST(BoundedQueue, TakesFromManyProducers) {
  BoundedQueue<int> queue(1);
  std::vector<std::jthread> producers;
  for (int t = 0; t < 4; ++t) {
    producers.emplace_back([&](const std::stop_token& stop) {
      for (int i = 1; i <= 25; ++i) queue.push(i, stop);
    });
  }
  int sum = 0;
  for (int i = 0; i < 100; ++i) sum += *queue.pop({});
  EXPECT_EQ(sum, 4 * 25 * 26 / 2);
}

TEST(BoundedQueue, AFullQueueLetsGoOfAStoppedProducer) {
  BoundedQueue<int> queue(1);
  std::stop_source stop;
  ASSERT_TRUE(queue.push(1, stop.get_token()));
  bool pushed = true;
  {
    std::jthread producer([&] { pushed = queue.push(2, stop.get_token()); });
    stop.request_stop();
  }
  EXPECT_FALSE(pushed);
  EXPECT_EQ(queue.pop({}), 1);
}

TEST(BoundedQueue, AnEmptyQueueLetsGoOfAStoppedConsumer) {
  BoundedQueue<int> queue(1);
  std::stop_source stop;
  std::optional<int> popped = 1;
  {
    std::jthread consumer([&] { popped = queue.pop(stop.get_token()); });
    stop.request_stop();
  }
  EXPECT_EQ(popped, std::nullopt);
}

}  // namespace
}  // namespace melsweep::features

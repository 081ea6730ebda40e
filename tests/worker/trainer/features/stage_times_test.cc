#include "worker/trainer/features/stage_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace melsweep::features {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Span = StageTimes::Span;

class StageTimesTest : public testing::Test {
 protected:
  std::chrono::nanoseconds now{std::chrono::hours(1)};
  StageTimes times{[this] { return now; }};
};

TEST_F(StageTimesTest, AStageTakesTheTimeInWhichSomebodyIsAtWorkOnIt) {
  {
    const Span first(&times, "a");
    now += std::chrono::seconds(2);
  }
  now += std::chrono::seconds(100);
  {
    const Span second(&times, "a");
    now += std::chrono::milliseconds(500);
  }
  EXPECT_THAT(times.so_far(), ElementsAre(StageTime{.stage = "a", .seconds = 2.5}));
}

TEST_F(StageTimesTest, SeveralAtOnceAreCountedOnce) {
  std::optional<Span> first;
  std::optional<Span> second;
  first.emplace(&times, "a");
  now += std::chrono::seconds(1);
  second.emplace(&times, "a");
  now += std::chrono::seconds(1);
  first.reset();
  now += std::chrono::seconds(1);
  second.reset();
  EXPECT_THAT(times.so_far(), ElementsAre(StageTime{.stage = "a", .seconds = 3.0}));
}

TEST_F(StageTimesTest, DifferentStagesMayBeAtWorkAtTheSameTime) {
  const Span one(&times, "b");
  {
    const Span other(&times, "a");
    now += std::chrono::seconds(2);
  }
  now += std::chrono::seconds(3);
  // What goes on counts up to now.
  EXPECT_THAT(times.so_far(),
              ElementsAre(StageTime{.stage = "b", .seconds = 5.0}, StageTime{.stage = "a", .seconds = 2.0}));
}

TEST_F(StageTimesTest, ItemsAreAddedUp) {
  EXPECT_THAT(times.so_far(), IsEmpty());
  times.count_made("a", 3);
  times.count_found("a", 40);
  times.count_made("a", 4);
  EXPECT_THAT(times.so_far(), ElementsAre(StageTime{.stage = "a", .made = 7, .found = 40}));
}

TEST_F(StageTimesTest, NobodyCountsWhereThereIsNothingToCountIn) {
  { const Span span(nullptr, "a"); }
  EXPECT_THAT(times.so_far(), IsEmpty());
}

TEST(StageTimes, AnyThreadMayCount) {
  StageTimes times;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&times] {
        for (int j = 0; j < 1000; ++j) {
          const Span span(&times, "a");
          times.count_made("a", 1);
        }
      });
    }
  }
  const std::vector<StageTime> so_far = times.so_far();
  ASSERT_EQ(so_far.size(), 1U);
  EXPECT_EQ(so_far[0].made, 4000);
  EXPECT_GT(so_far[0].seconds, 0.0);
}

}  // namespace
}  // namespace melsweep::features

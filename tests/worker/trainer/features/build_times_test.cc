// What the two caches say of the time that they took, and of what they made and found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "tests/worker/trainer/features/cache_fixture.h"
#include "worker/trainer/features/bottleneck_cache.h"
#include "worker/trainer/features/cache_lock.h"
#include "worker/trainer/features/stage_times.h"

namespace melsweep::features {
namespace {

class BuildTimesTest : public CacheTest {
 protected:
  BottleneckCache cache(const CacheTiming& timing = CacheTiming::real()) {
    return {data_dir(), {}, embedder_, 1, timing};
  }

  static StageTime stage_of(const StageTimes& times, std::string_view name) {
    const std::vector<StageTime> all = times.so_far();
    const auto found = std::ranges::find(all, name, &StageTime::stage);
    return found == all.end() ? StageTime{} : *found;
  }

  static std::pair<std::int64_t, std::int64_t> made_and_found(const StageTimes& times,
                                                              std::string_view name) {
    const StageTime stage = stage_of(times, name);
    return {stage.made, stage.found};
  }

  using Items = std::pair<std::int64_t, std::int64_t>;

  CountingEmbedder embedder_;
};

TEST_F(BuildTimesTest, TellWhatIsMadeAtBothLevels) {
  StageTimes times;
  ASSERT_TRUE(cache().ensure(write_sounds(10), {}, {}, &times).ok());
  EXPECT_EQ(made_and_found(times, stages::kBottlenecks), Items(10, 0));
  EXPECT_EQ(made_and_found(times, stages::kSpectrograms), Items(10, 0));
  EXPECT_GT(stage_of(times, stages::kBottlenecks).seconds, 0.0);
  EXPECT_GT(stage_of(times, stages::kSpectrograms).seconds, 0.0);
  EXPECT_EQ(times.so_far().size(), 2U);
}

TEST_F(BuildTimesTest, TellWhatIsFoundAndNothingOfWhatIsNotNeeded) {
  const std::vector<FeatureItem> items = write_sounds(6);
  ASSERT_TRUE(cache().ensure(std::span(items).first(4), {}, {}).ok());
  StageTimes some;
  ASSERT_TRUE(cache().ensure(items, {}, {}, &some).ok());
  EXPECT_EQ(made_and_found(some, stages::kBottlenecks), Items(2, 4));
  EXPECT_EQ(made_and_found(some, stages::kSpectrograms), Items(2, 0));
  StageTimes all;
  ASSERT_TRUE(cache().ensure(items, {}, {}, &all).ok());
  EXPECT_EQ(made_and_found(all, stages::kBottlenecks), Items(0, 6));
  EXPECT_EQ(all.so_far().size(), 1U);
}

TEST_F(BuildTimesTest, SpectrogramsThatAreThereAreFound) {
  const std::vector<FeatureItem> items = write_sounds(5);
  ASSERT_TRUE(SpectrogramCache(data_dir(), {}).ensure(std::span(items).first(3), {}, {}).ok());
  StageTimes times;
  ASSERT_TRUE(cache().ensure(items, {}, {}, &times).ok());
  EXPECT_EQ(made_and_found(times, stages::kBottlenecks), Items(5, 0));
  EXPECT_EQ(made_and_found(times, stages::kSpectrograms), Items(2, 3));
}

TEST_F(BuildTimesTest, IdenticalContentCountsOnce) {
  std::vector<FeatureItem> items = write_sounds(2);
  items.push_back(items[1]);
  StageTimes times;
  ASSERT_TRUE(cache().ensure(items, {}, {}, &times).ok());
  EXPECT_EQ(made_and_found(times, stages::kBottlenecks), Items(2, 0));
}

// The network works for an hour on the batch: its stage takes that time, and the spectrograms' does not.
TEST_F(BuildTimesTest, AStageThatWaitsForTheOtherIsNotAtWork) {
  std::chrono::nanoseconds now{0};
  StageTimes times([&now] { return now; });
  const std::vector<FeatureItem> items = write_sounds(3);
  embedder_.before_batch = [&now] { now += std::chrono::hours(1); };
  ASSERT_TRUE(cache().ensure(items, {}, {}, &times).ok());
  EXPECT_EQ(stage_of(times, stages::kBottlenecks).seconds, 3600.0);
  EXPECT_EQ(stage_of(times, stages::kSpectrograms).seconds, 0.0);
}

TEST_F(BuildTimesTest, WaitingForAnotherProcessIsAStageOfItsOwn) {
  const std::vector<FeatureItem> items = write_sounds(4);
  ASSERT_TRUE(cache().ensure(std::span(items).first(1), {}, {}).ok());
  std::optional<CacheLock> lock = *CacheLock::try_acquire(cache_folder("bottlenecks"));
  std::chrono::nanoseconds now{0};
  StageTimes times([&now] { return now; });
  const FakeClock clock;
  const CacheTiming timing{.clock = clock, .wait_to_retry = [&](const std::stop_token&) {
                             now += std::chrono::seconds(7);
                             lock.reset();
                             // The other one makes two more before it is killed.
                             EXPECT_TRUE(cache().ensure(std::span(items).first(3), {}, {}).ok());
                             return true;
                           }};
  ASSERT_TRUE(cache(timing).ensure(items, {}, {}, &times).ok());
  EXPECT_EQ(made_and_found(times, stages::kBottlenecks), Items(1, 1));
  EXPECT_EQ(made_and_found(times, stages::kWaiting), Items(0, 2));
  EXPECT_EQ(stage_of(times, stages::kWaiting).seconds, 7.0);
  EXPECT_EQ(stage_of(times, stages::kBottlenecks).seconds, 0.0);
}

}  // namespace
}  // namespace melsweep::features

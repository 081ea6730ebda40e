#include "worker/trainer/features/bottleneck_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <thread>
#include <vector>

#include "tests/worker/trainer/features/cache_fixture.h"
#include "worker/trainer/arrays/npy.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/features/cache_lock.h"
#include "worker/trainer/features/spectrograms_ahead.h"

namespace melsweep::features {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class BottleneckCacheTest : public CacheTest {
 protected:
  BottleneckCache cache(Embedder& embedder, const FeatureSettings& settings = {}) const {
    return {data_dir(), settings, embedder};
  }

  // The counting network's answer for an item, without any cache.
  static float expected(const FeatureItem& item) {
    auto maker = audio::SpectrogramMaker::create({});
    const audio::Spectrogram spectrogram = *maker->make(*audio::decode(item.file, item.channel));
    std::vector<float> picture(audio::kPictureValues);
    audio::make_picture(
        {.bands = spectrogram.bands, .frames = spectrogram.frames, .values = spectrogram.values}, {},
        picture);
    return CountingEmbedder::sum_of(picture);
  }
};

TEST_F(BottleneckCacheTest, HoldsWhatTheNetworkSaysInTheOrderAskedFor) {
  const std::vector<FeatureItem> items = write_sounds(10);
  CountingEmbedder embedder(4);
  BottleneckCache builder = cache(embedder);
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.calls, 3);
  EXPECT_EQ(embedder.embedded, 10);
  std::vector<FeatureItem> backwards(items.rbegin(), items.rend());
  const auto table = builder.open(backwards);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), 10U);
  for (std::size_t i = 0; i < backwards.size(); ++i) {
    ASSERT_EQ(table->row(i).size(), kBottleneckSize);
    EXPECT_FLOAT_EQ(table->row(i)[0], expected(backwards[i]));
    EXPECT_EQ(table->row(i)[2047], table->row(i)[0]);
  }
}

TEST_F(BottleneckCacheTest, ASecondRunOpensNoSoundAndCallsNoNetwork) {
  const std::vector<FeatureItem> items = write_sounds(6);
  CountingEmbedder first;
  ASSERT_TRUE(cache(first).ensure(items, {}, {}).ok());
  delete_sounds();
  fs::remove_all(data_dir() / "features" / "spectrograms");
  CountingEmbedder second;
  EXPECT_TRUE(cache(second).ensure(items, {}, {}).ok());
  EXPECT_EQ(second.calls, 0);
  EXPECT_FALSE(fs::exists(data_dir() / "features" / "spectrograms"));
}

TEST_F(BottleneckCacheTest, EmbedsOnlyWhatIsMissing) {
  const std::vector<FeatureItem> items = write_sounds(6);
  CountingEmbedder embedder;
  ASSERT_TRUE(cache(embedder).ensure(std::span(items).first(4), {}, {}).ok());
  ASSERT_TRUE(cache(embedder).ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.embedded, 6);
}

TEST_F(BottleneckCacheTest, EmbedsIdenticalContentOnce) {
  std::vector<FeatureItem> items = write_sounds(2);
  items.push_back(
      {.content_hash = items[1].content_hash, .channel = Channel::kAverage, .file = "elsewhere.wav"});
  CountingEmbedder embedder;
  BottleneckCache builder = cache(embedder);
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.embedded, 2);
  EXPECT_EQ(builder.open(items)->row(2)[0], builder.open(items)->row(1)[0]);
}

TEST_F(BottleneckCacheTest, SharesSpectrogramsBetweenPictureSettings) {
  const std::vector<FeatureItem> items = write_sounds(2);
  CountingEmbedder embedder;
  ASSERT_TRUE(cache(embedder).ensure(items, {}, {}).ok());
  delete_sounds();
  EXPECT_TRUE(cache(embedder, {.image = ImageColors::kMagma, .top_db = 60.0}).ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.embedded, 4);
}

TEST_F(BottleneckCacheTest, IsAnArrayOfRowsThatNumpyReads) {
  CountingEmbedder embedder;
  ASSERT_TRUE(cache(embedder).ensure(write_sounds(3), {}, {}).ok());
  const auto array = arrays::read_npy(cache_folder("bottlenecks") / "segment-00000.npy");
  ASSERT_TRUE(array.ok()) << array.status();
  EXPECT_THAT(array->shape, ElementsAre(3U, kBottleneckSize));
  EXPECT_THAT(audio::read_bytes(cache_folder("bottlenecks") / "settings.json"),
              HasSubstr("\"embedder\": \"counting\""));
}

TEST_F(BottleneckCacheTest, RebuildsATruncatedSegment) {
  const std::vector<FeatureItem> items = write_sounds(3);
  CountingEmbedder embedder;
  ASSERT_TRUE(cache(embedder).ensure(items, {}, {}).ok());
  fs::resize_file(cache_folder("bottlenecks") / "segment-00000.npy", 5000);
  BottleneckCache builder = cache(embedder);
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.embedded, 6);
  EXPECT_FLOAT_EQ(builder.open(items)->row(1)[5], expected(items[1]));
}

TEST_F(BottleneckCacheTest, StopsWithinABatchAndKeepsWhatIsDone) {
  const std::vector<FeatureItem> items = write_sounds(10);
  CountingEmbedder embedder(2);
  std::stop_source stop;
  const auto stop_at_four = [&](const Progress& progress) {
    if (progress.stage == "bottlenecks" && progress.done == 4) stop.request_stop();
  };
  EXPECT_EQ(cache(embedder).ensure(items, stop_at_four, stop.get_token()).code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(embedder.embedded, 4);
  ASSERT_TRUE(cache(embedder).ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.embedded, 10);
}

TEST_F(BottleneckCacheTest, ANetworkThatFailsKeepsTheBatchesBefore) {
  const std::vector<FeatureItem> items = write_sounds(10);
  CountingEmbedder embedder(2);
  embedder.failing_call = 3;
  EXPECT_EQ(cache(embedder).ensure(items, {}, {}).code(), absl::StatusCode::kResourceExhausted);
  embedder.embedded = 0;
  ASSERT_TRUE(cache(embedder).ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.embedded, 6);
}

constexpr std::size_t kPart = SpectrogramsAhead::kPartItems;

TEST_F(BottleneckCacheTest, MakesTheNextSpectrogramsWhileTheNetworkWorks) {
  const std::vector<FeatureItem> items = write_sounds(static_cast<int>(4 * kPart));
  const auto has_part = [&](std::size_t part) {
    return SpectrogramCache(data_dir(), {}).open(std::span(items).subspan(part * kPart, kPart)).ok();
  };
  CountingEmbedder embedder(64);
  embedder.before_batch = [&] {
    if (embedder.calls != 1) return;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!has_part(2) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_TRUE(has_part(2));
    EXPECT_FALSE(has_part(3)) << "farther ahead than it promises";
  };
  BottleneckCache builder = cache(embedder);
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  EXPECT_EQ(embedder.calls, static_cast<int>(4 * kPart / 64));
  const auto table = builder.open(items);
  for (const std::size_t i : {std::size_t{0}, kPart - 1, kPart, 4 * kPart - 1})
    EXPECT_FLOAT_EQ(table->row(i)[0], expected(items[i])) << i;
}

TEST_F(BottleneckCacheTest, CountsTheSpectrogramsOfAPartAmongAll) {
  const std::vector<FeatureItem> items = write_sounds(static_cast<int>(kPart) + 3);
  std::vector<Progress> seen;
  CountingEmbedder embedder;
  const auto note = [&](const Progress& progress) { seen.push_back(progress); };
  ASSERT_TRUE(cache(embedder).ensure(items, note, {}).ok());
  const auto part = static_cast<std::int64_t>(kPart);
  EXPECT_THAT(seen, testing::Contains(Progress{.stage = "spectrograms", .done = part, .total = part + 3}));
  EXPECT_THAT(seen, testing::Each(testing::Field(&Progress::total, part + 3)));
}

TEST_F(BottleneckCacheTest, ABadFileIsNamedAndWhatCameBeforeItIsKept) {
  const std::vector<FeatureItem> items = write_sounds(static_cast<int>(kPart) + 8);
  audio::write_bytes(items.back().file, "no sound");
  CountingEmbedder embedder(8);
  const absl::Status status = cache(embedder).ensure(items, {}, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(items.back().file.string()));
  EXPECT_TRUE(cache(embedder).open(std::span(items).first(kPart)).ok());
}

// What is on disk while the network works on its third batch is what a process killed then leaves.
TEST_F(BottleneckCacheTest, AKilledBuildOfASmallSetLosesOnlyItsLastSeconds) {
  const std::vector<FeatureItem> items = write_sounds(100);
  FakeClock clock;
  const CacheTiming timing{.clock = clock, .wait_to_retry = nullptr};
  CountingEmbedder embedder(40);
  embedder.before_batch = [&] {
    clock.time += std::chrono::seconds(6);
    if (embedder.calls == 3) fs::copy(data_dir(), folder_.path() / "left", fs::copy_options::recursive);
  };
  BottleneckCache builder(data_dir(), {}, embedder, 1, timing);
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  CountingEmbedder second(40);
  BottleneckCache resumed(folder_.path() / "left", {}, second, 1, timing);
  ASSERT_TRUE(resumed.ensure(items, {}, {}).ok());
  EXPECT_LE(second.embedded, 20 + 39);
}

TEST_F(BottleneckCacheTest, ShowsHowFarTheProcessIsThatBuilds) {
  const std::vector<FeatureItem> items = write_sounds(4);
  CountingEmbedder embedder;
  ASSERT_TRUE(cache(embedder).ensure(std::span(items).first(1), {}, {}).ok());
  std::optional<CacheLock> lock = *CacheLock::try_acquire(cache_folder("bottlenecks"));
  int waits = 0;
  const FakeClock clock;
  const CacheTiming timing{.clock = clock, .wait_to_retry = [&](const std::stop_token&) {
                             ++waits;
                             if (waits < 3) {
                               const auto some = std::span(items).first(static_cast<std::size_t>(waits + 1));
                               EXPECT_TRUE(SpectrogramCache(data_dir(), {}).ensure(some, {}, {}).ok());
                             } else {
                               lock.reset();
                             }
                             return true;
                           }};
  std::vector<Progress> seen;
  BottleneckCache waiting(data_dir(), {}, embedder, 1, timing);
  ASSERT_TRUE(waiting.ensure(items, [&](const Progress& progress) { seen.push_back(progress); }, {}).ok());
  ASSERT_GE(seen.size(), 4U);
  EXPECT_EQ(seen[0], (Progress{.stage = "bottlenecks", .done = 1, .total = 4}));
  EXPECT_EQ(seen[1], (Progress{.stage = "spectrograms", .done = 1, .total = 3}));
  EXPECT_EQ(seen[2], (Progress{.stage = "spectrograms", .done = 2, .total = 3}));
  EXPECT_EQ(seen.back(), (Progress{.stage = "bottlenecks", .done = 4, .total = 4}));
}

class BrokenEmbedder final : public Embedder {
 public:
  std::string identity() const override { return "broken"; }
  int batch_size() const override { return 8; }
  absl::Status embed(std::span<const float> /*pictures*/, std::span<float> bottlenecks) override {
    std::fill(bottlenecks.begin(), bottlenecks.end(), std::numeric_limits<float>::quiet_NaN());
    return absl::OkStatus();
  }
};

TEST_F(BottleneckCacheTest, KeepsNoNumbersThatAreNone) {
  const std::vector<FeatureItem> items = write_sounds(1);
  BrokenEmbedder embedder;
  const absl::Status status = cache(embedder).ensure(items, {}, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("not finite"), HasSubstr("weights")));
  EXPECT_EQ(cache(embedder).open(items).status().code(), absl::StatusCode::kNotFound);
}

class UnfitEmbedder final : public Embedder {
 public:
  std::string identity() const override { return "unfit"; }
  absl::Status check() const override { return absl::FailedPreconditionError("no instructions"); }
  int batch_size() const override { return 8; }
  absl::Status embed(std::span<const float> /*pictures*/, std::span<float> /*bottlenecks*/) override {
    ADD_FAILURE() << "it said that it cannot";
    return absl::OkStatus();
  }
};

TEST_F(BottleneckCacheTest, MakesNothingForANetworkThatCannotRunHere) {
  UnfitEmbedder embedder;
  EXPECT_EQ(cache(embedder).ensure(write_sounds(1), {}, {}),
            absl::FailedPreconditionError("no instructions"));
  EXPECT_FALSE(fs::exists(data_dir() / "features" / "spectrograms"));
}

TEST_F(BottleneckCacheTest, ReportsBothStages) {
  std::vector<Progress> seen;
  CountingEmbedder embedder(2);
  const auto note = [&](const Progress& progress) { seen.push_back(progress); };
  ASSERT_TRUE(cache(embedder).ensure(write_sounds(3), note, {}).ok());
  EXPECT_EQ(seen.front(), (Progress{.stage = "bottlenecks", .done = 0, .total = 3}));
  EXPECT_THAT(seen, testing::Contains(Progress{.stage = "spectrograms", .done = 3, .total = 3}));
  EXPECT_EQ(seen.back(), (Progress{.stage = "bottlenecks", .done = 3, .total = 3}));
}

}  // namespace
}  // namespace melsweep::features

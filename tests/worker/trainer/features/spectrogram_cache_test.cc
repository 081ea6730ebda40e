#include "worker/trainer/features/spectrogram_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <optional>
#include <vector>

#include "tests/worker/trainer/features/cache_fixture.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/audio/sound_file.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/features/cache_lock.h"

namespace melsweep::features {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class SpectrogramCacheTest : public CacheTest {
 protected:
  SpectrogramCache cache(const FeatureSettings& settings = {}) const { return {data_dir(), settings, 2}; }

  // What the cache holds of an item.
  std::vector<float> cached(const FeatureItem& item) const {
    SpectrogramCache reader = cache();
    const auto table = reader.open(std::vector<FeatureItem>{item});
    EXPECT_TRUE(table.ok()) << table.status();
    if (!table.ok()) return {};
    const std::span<const float> values = table->at(0).values;
    return {values.begin(), values.end()};
  }

  static std::vector<float> made_directly(const FeatureItem& item) {
    auto maker = audio::SpectrogramMaker::create({.top_db = 1000.0});
    return maker->make(*audio::decode(item.file, item.channel))->values;
  }
};

TEST_F(SpectrogramCacheTest, HoldsWhatTheMakerMakesInTheOrderAskedFor) {
  const std::vector<FeatureItem> items = write_sounds(9);
  SpectrogramCache builder = cache();
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  const auto table = builder.open(items);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), 9U);
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(table->at(i).bands, 128);
    EXPECT_EQ(table->at(i).frames, 1 + (2000 + 100 * static_cast<int>(i)) / 512);
    EXPECT_EQ(std::vector<float>(table->at(i).values.begin(), table->at(i).values.end()),
              made_directly(items[i]));
  }
}

TEST_F(SpectrogramCacheTest, ASecondRunOpensNoSoundFile) {
  const std::vector<FeatureItem> items = write_sounds(5);
  ASSERT_TRUE(cache().ensure(items, {}, {}).ok());
  delete_sounds();
  EXPECT_TRUE(cache().ensure(items, {}, {}).ok());
}

TEST_F(SpectrogramCacheTest, TakesItemsThatAreAskedForTwice) {
  std::vector<FeatureItem> items = write_sounds(2);
  items.push_back(items[0]);
  std::vector<Progress> seen;
  SpectrogramCache builder = cache();
  ASSERT_TRUE(builder.ensure(items, [&](const Progress& progress) { seen.push_back(progress); }, {}).ok());
  EXPECT_EQ(seen.back(), (Progress{.stage = "spectrograms", .done = 2, .total = 2}));
  const auto table = builder.open(items);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->at(2).values.data(), table->at(0).values.data());
}

TEST_F(SpectrogramCacheTest, KeepsChannelsApart) {
  const std::vector<FeatureItem> average = write_sounds(1);
  FeatureItem left = average[0];
  left.channel = Channel::kLeft;
  ASSERT_TRUE(cache().ensure(average, {}, {}).ok());
  EXPECT_EQ(cache().open(std::vector<FeatureItem>{left}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(SpectrogramCacheTest, AddsOnlyWhatIsMissing) {
  const std::vector<FeatureItem> items = write_sounds(6);
  ASSERT_TRUE(cache().ensure(std::span(items).first(3), {}, {}).ok());
  for (int i = 0; i < 3; ++i) fs::remove(items[static_cast<std::size_t>(i)].file);
  std::vector<std::int64_t> done;
  ASSERT_TRUE(
      cache().ensure(items, [&](const Progress& progress) { done.push_back(progress.done); }, {}).ok());
  EXPECT_EQ(done.front(), 3);
  EXPECT_EQ(done.back(), 6);
}

TEST_F(SpectrogramCacheTest, RebuildsACorruptSegment) {
  const std::vector<FeatureItem> items = write_sounds(3);
  ASSERT_TRUE(cache().ensure(items, {}, {}).ok());
  const fs::path segment = cache_folder("spectrograms") / "segment-00000.npy";
  std::string bytes = audio::read_bytes(segment);
  bytes[1000] = static_cast<char>(~bytes[1000]);
  audio::write_bytes(segment, bytes);
  ASSERT_TRUE(cache().ensure(items, {}, {}).ok());
  for (const FeatureItem& item : items) EXPECT_EQ(cached(item), made_directly(item));
}

TEST_F(SpectrogramCacheTest, ABadFileIsNamedAndTheOthersAreKept) {
  std::vector<FeatureItem> items = write_sounds(4);
  ASSERT_TRUE(cache().ensure(std::span(items).first(2), {}, {}).ok());
  audio::write_bytes(items[3].file, "no sound");
  const absl::Status status = cache().ensure(items, {}, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr(items[3].file.string()));
  EXPECT_TRUE(cache().open(std::span(items).first(2)).ok());
}

TEST_F(SpectrogramCacheTest, AFileThatChangedSinceItWasListedIsRefused) {
  const std::vector<FeatureItem> items = write_sounds(2);
  fs::copy_file(items[0].file, items[1].file, fs::copy_options::overwrite_existing);
  const absl::Status status = cache().ensure(items, {}, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr(items[1].file.string()));
  EXPECT_FALSE(cache().open(std::span(items).last(1)).ok());
}

TEST_F(SpectrogramCacheTest, ImpossibleSettingsAreAnErrorNotACrash) {
  const absl::Status status = cache({.hop_length = 0}).ensure(write_sounds(2), {}, {});
  EXPECT_THAT(status.message(), HasSubstr("features.hop_length"));
}

TEST_F(SpectrogramCacheTest, StopsWhenAskedAndKeepsWhatIsDone) {
  const std::vector<FeatureItem> items = write_sounds(30);
  std::stop_source stop;
  const auto stop_at_three = [&](const Progress& progress) {
    if (progress.done == 3) stop.request_stop();
  };
  const absl::Status status = cache().ensure(items, stop_at_three, stop.get_token());
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  std::vector<std::int64_t> done;
  ASSERT_TRUE(
      cache().ensure(items, [&](const Progress& progress) { done.push_back(progress.done); }, {}).ok());
  EXPECT_EQ(done.front(), 3);
}

TEST_F(SpectrogramCacheTest, WaitsForTheProcessThatBuilds) {
  const std::vector<FeatureItem> items = write_sounds(2);
  ASSERT_TRUE(cache().ensure(std::span(items).first(1), {}, {}).ok());
  auto other_process = CacheLock::try_acquire(cache_folder("spectrograms"));
  ASSERT_TRUE(other_process->has_value());
  int waits = 0;
  const FakeClock clock;
  const CacheTiming timing{.clock = clock, .wait_to_retry = [&](const std::stop_token&) {
                             if (++waits == 2) other_process->reset();
                             return true;
                           }};
  EXPECT_TRUE(SpectrogramCache(data_dir(), {}, 1, timing).ensure(items, {}, {}).ok());
  EXPECT_EQ(waits, 2);
}

TEST_F(SpectrogramCacheTest, StopsWaitingForTheProcessThatBuilds) {
  const std::vector<FeatureItem> items = write_sounds(2);
  ASSERT_TRUE(cache().ensure(std::span(items).first(1), {}, {}).ok());
  const auto other_process = CacheLock::try_acquire(cache_folder("spectrograms"));
  std::stop_source stop;
  const auto stop_at_once = [&](const Progress&) { stop.request_stop(); };
  EXPECT_EQ(cache().ensure(items, stop_at_once, stop.get_token()).code(), absl::StatusCode::kCancelled);
}

// How often the file is opened for reading while it lives.
class OpenCounter {
 public:
  explicit OpenCounter(const fs::path& path) : watch_(::inotify_init1(IN_NONBLOCK)) {
    // Both, so that no two events in a row are the same: the system would make one of them.
    EXPECT_GE(::inotify_add_watch(watch_, path.c_str(), IN_OPEN | IN_CLOSE), 0);
  }
  OpenCounter(const OpenCounter&) = delete;
  OpenCounter& operator=(const OpenCounter&) = delete;
  ~OpenCounter() { ::close(watch_); }

  int count() const {
    int opened = 0;
    inotify_event event{};
    while (::read(watch_, &event, sizeof(event)) == sizeof(event)) opened += event.mask == IN_OPEN ? 1 : 0;
    return opened;
  }

 private:
  int watch_;
};

TEST_F(SpectrogramCacheTest, DecodesAFileOnceForAllItsChannels) {
  const std::vector<FeatureItem> average = write_sounds(1);
  std::vector<FeatureItem> all = average;
  for (const Channel channel : {Channel::kLeft, Channel::kRight}) {
    all.push_back(average[0]);
    all.back().channel = channel;
  }
  const OpenCounter one_channel(average[0].file);
  ASSERT_TRUE(SpectrogramCache(folder_.path() / "other", {}, 1).ensure(average, {}, {}).ok());
  const int opened_for_one = one_channel.count();
  ASSERT_GT(opened_for_one, 0);
  const OpenCounter three_channels(average[0].file);
  ASSERT_TRUE(cache().ensure(all, {}, {}).ok());
  EXPECT_EQ(three_channels.count(), opened_for_one);
  for (const FeatureItem& item : all) EXPECT_EQ(cached(item), made_directly(item));
}

// Every item of a stereo clip that trains with all augmentations.
std::vector<FeatureItem> all_items_of(const FeatureItem& average) {
  Clip clip;
  clip.content_hash = average.content_hash;
  clip.channels = 2;
  TrainingSettings training;
  training.augmentation = {Augmentation::kChannels, Augmentation::kNoise, Augmentation::kGain,
                           Augmentation::kShift, Augmentation::kMasks};
  return items_of(clip, average.file, training, Split::kTrain);
}

TEST_F(SpectrogramCacheTest, MakesVariantsOfTheResampledSignalAndOfItsSpectrogram) {
  FeatureSettings settings;
  settings.sample_rate = 16000;
  settings.top_db = 1000.0;
  const std::vector<FeatureItem> items = all_items_of(write_sounds(1)[0]);
  SpectrogramCache builder = cache(settings);
  ASSERT_TRUE(builder.ensure(items, {}, {}).ok());
  const auto table = builder.open(items);
  ASSERT_TRUE(table.ok()) << table.status();
  auto maker = audio::SpectrogramMaker::create(settings);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const FeatureItem& item = items[i];
    audio::MonoSound sound = *audio::resample(*audio::decode(item.file, item.channel), 16000);
    const bool of_sound = item.variant && variants::changes_sound(*item.variant);
    if (of_sound) variants::vary(*item.variant, item_key(item), 16000, sound.samples);
    audio::Spectrogram expected = *maker->make(sound);
    if (item.variant && !of_sound) variants::vary(*item.variant, item_key(item), expected);
    EXPECT_EQ(std::vector<float>(table->at(i).values.begin(), table->at(i).values.end()), expected.values)
        << item_key(item);
  }
}

TEST_F(SpectrogramCacheTest, DecodesAFileOnceForAllItsVariants) {
  const std::vector<FeatureItem> average = write_sounds(1);
  const OpenCounter one(average[0].file);
  ASSERT_TRUE(SpectrogramCache(folder_.path() / "other", {}, 1).ensure(average, {}, {}).ok());
  const int opened_for_one = one.count();
  const OpenCounter all(average[0].file);
  ASSERT_TRUE(cache().ensure(all_items_of(average[0]), {}, {}).ok());
  EXPECT_EQ(all.count(), opened_for_one);
}

TEST_F(SpectrogramCacheTest, AVariantIsTheSameAloneAndInAnyCompany) {
  const std::vector<FeatureItem> items = all_items_of(write_sounds(1)[0]);
  ASSERT_TRUE(cache().ensure(items, {}, {}).ok());
  for (const FeatureItem& item : items) {
    SpectrogramCache alone(folder_.path() / item_key(item), {}, 1);
    ASSERT_TRUE(alone.ensure(std::vector{item}, {}, {}).ok());
    const auto table = alone.open(std::vector{item});
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_EQ(std::vector<float>(table->at(0).values.begin(), table->at(0).values.end()), cached(item));
  }
}

TEST_F(SpectrogramCacheTest, NeedsNoLockWhenNothingIsMissing) {
  const std::vector<FeatureItem> items = write_sounds(2);
  ASSERT_TRUE(cache().ensure(items, {}, {}).ok());
  const auto other_process = CacheLock::try_acquire(cache_folder("spectrograms"));
  EXPECT_TRUE(cache().ensure(items, {}, {}).ok());
}

TEST_F(SpectrogramCacheTest, AFolderThatCannotBeWrittenIsAClearError) {
  const std::vector<FeatureItem> items = write_sounds(1);
  audio::write_bytes(data_dir(), "a file where the data folder should be");
  const absl::Status status = cache().ensure(items, {}, {});
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr(data_dir().string()));
}

TEST_F(SpectrogramCacheTest, NothingAskedForIsNothingToDo) {
  EXPECT_TRUE(cache().ensure({}, {}, {}).ok());
  EXPECT_FALSE(fs::exists(data_dir()));
  SpectrogramCache empty = cache();
  EXPECT_EQ(empty.open({})->size(), 0U);
}

}  // namespace
}  // namespace melsweep::features

// Sounds, a data folder and a counting network for the tests of the feature caches.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"
#include "shared/time/clock.h"
#include "tests/worker/trainer/audio/written_sound.h"
#include "worker/trainer/audio/picture.h"
#include "worker/trainer/features/embedder.h"
#include "worker/trainer/features/feature_item.h"

namespace melsweep::features {

// Time that passes when a test says so.
class FakeClock final : public Clock {
 public:
  Now now() const override { return {.monotonic = MonotonicTime(time), .wall = {}}; }
  std::chrono::milliseconds time{1000};
};

// Each test has its own folder with sounds/ and data/.
class CacheTest : public testing::Test {
 protected:
  static std::string unique_name() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    return absl::StrCat(test.test_suite_name(), "_", test.name(), "_", ::getpid());
  }

  std::filesystem::path sounds() const { return folder_.path() / "sounds"; }
  std::filesystem::path data_dir() const { return folder_.path() / "data"; }

  // `count` short stereo sounds of different pitch.
  std::vector<FeatureItem> write_sounds(int count, Channel channel = Channel::kAverage) const {
    std::filesystem::create_directories(sounds());
    std::vector<FeatureItem> items;
    for (int i = 0; i < count; ++i) {
      const std::filesystem::path file = sounds() / absl::StrCat(i, ".wav");
      std::vector<float> stereo;
      for (const float value :
           audio::sine(300.0 + 150.0 * i, 22050, 2000 + 100 * static_cast<std::size_t>(i))) {
        stereo.insert(stereo.end(), {value, 0.5F * value});
      }
      audio::write_sound(file, {.channels = 2}, stereo);
      items.push_back({.content_hash = *files::sha256_file(file), .channel = channel, .file = file});
    }
    return items;
  }

  void delete_sounds() const { std::filesystem::remove_all(sounds()); }

  // The only folder of a level's caches.
  std::filesystem::path cache_folder(const std::string& level) const {
    const std::filesystem::path caches = data_dir() / "features" / level;
    return std::filesystem::directory_iterator(caches)->path();
  }

  // Names in a folder with this ending, sorted.
  static std::vector<std::string> files_ending(const std::filesystem::path& folder,
                                               const std::string& ending) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().filename().string().ends_with(ending))
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  audio::TestFolder folder_{unique_name()};
};

// Its bottleneck for a picture: the picture's sum in all places. Counts what it was asked.
class CountingEmbedder final : public Embedder {
 public:
  explicit CountingEmbedder(int batch_size = 4) : batch_size_(batch_size) {}

  std::string identity() const override { return "counting"; }
  int batch_size() const override { return batch_size_; }

  absl::Status embed(std::span<const float> pictures, std::span<float> bottlenecks) override {
    ++calls;
    const std::size_t count = pictures.size() / audio::kPictureValues;
    EXPECT_EQ(bottlenecks.size(), count * kBottleneckSize);
    EXPECT_LE(count, static_cast<std::size_t>(batch_size_));
    if (before_batch) before_batch();
    embedded += static_cast<int>(count);
    if (calls == failing_call) return absl::ResourceExhaustedError("out of memory");
    for (std::size_t i = 0; i < count; ++i) {
      const float sum = sum_of(pictures.subspan(i * audio::kPictureValues, audio::kPictureValues));
      for (std::size_t j = 0; j < kBottleneckSize; ++j) bottlenecks[i * kBottleneckSize + j] = sum;
    }
    return absl::OkStatus();
  }

  static float sum_of(std::span<const float> picture) {
    double sum = 0.0;
    for (const float value : picture) sum += value;
    return static_cast<float>(sum);
  }

  int calls = 0;
  int embedded = 0;
  int failing_call = 0;  // 1-based; 0 = none
  std::function<void()> before_batch;

 private:
  int batch_size_;
};

}  // namespace melsweep::features

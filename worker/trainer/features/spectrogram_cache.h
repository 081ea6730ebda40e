// Level 1: spectrograms in decibels, one an item, in <data dir>/features/spectrograms/<key>/.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/settings.h"
#include "worker/trainer/audio/picture.h"
#include "worker/trainer/features/build_missing.h"
#include "worker/trainer/features/cache_timing.h"
#include "worker/trainer/features/feature_item.h"
#include "worker/trainer/features/segment_store.h"

namespace melsweep::features {

// Spectrograms of items in the order asked for, in memory-mapped files. Valid as long as it lives, whatever
// happens to the cache.
class SpectrogramTable {
 public:
  explicit SpectrogramTable(std::vector<StoredMatrix> rows) : rows_(std::move(rows)) {}

  std::size_t size() const { return rows_.size(); }
  // [bands, frames] decibels.
  audio::SpectrogramView at(std::size_t index) const;

 private:
  std::vector<StoredMatrix> rows_;
};

// Any number of processes may use one cache; one at a time builds. Not thread-safe.
class SpectrogramCache {
 public:
  // threads: workers of a build; 0 = one a core. The timing outlives the cache.
  SpectrogramCache(const std::filesystem::path& data_dir, const FeatureSettings& settings, int threads = 0,
                   const CacheTiming& timing = CacheTiming::real());

  // Of the fields that shape the spectrogram and the version of the code that makes it.
  static std::string key(const FeatureSettings& settings);

  // Builds the items that the cache lacks; opens no sound file when it lacks none. Progress counts the
  // distinct items. Cancelled when stopped (what is done is kept); the reason, with the file's name, where a
  // file cannot be used or the cache not be written. What it takes is measured by `times`, which may be null.
  absl::Status ensure(std::span<const FeatureItem> items, const ProgressCallback& progress,
                      std::stop_token stop, StageTimes* times = nullptr);

  // Tells how many of the items the cache holds now, whoever puts them there. False, and tells nothing, where
  // it holds all of them or cannot be read.
  bool show_progress(std::span<const FeatureItem> items, const ProgressCallback& progress);

  // NotFound where the cache lacks an item.
  absl::StatusOr<SpectrogramTable> open(std::span<const FeatureItem> items);

 private:
  FeatureSettings settings_;
  int threads_;
  const CacheTiming& timing_;
  SegmentStore store_;
};

}  // namespace melsweep::features

// Level 2: bottlenecks, [2048] an item, in <data dir>/features/bottlenecks/<key>/.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/settings.h"
#include "worker/trainer/features/build_missing.h"
#include "worker/trainer/features/cache_timing.h"
#include "worker/trainer/features/embedder.h"
#include "worker/trainer/features/feature_item.h"
#include "worker/trainer/features/segment_store.h"
#include "worker/trainer/features/spectrogram_cache.h"

namespace melsweep::features {

// Bottlenecks of items in the order asked for, in memory-mapped files. Valid as long as it lives.
class BottleneckTable {
 public:
  explicit BottleneckTable(std::vector<StoredMatrix> rows) : rows_(std::move(rows)) {}

  std::size_t size() const { return rows_.size(); }
  std::span<const float> row(std::size_t index) const { return rows_[index].values; }  // [2048]

 private:
  std::vector<StoredMatrix> rows_;
};

// Any number of processes may use one cache; one at a time builds. Not thread-safe.
class BottleneckCache {
 public:
  // The embedder outlives the cache. The spectrograms that a build needs are made in the same data_dir, by
  // that many threads (0 = one a core), while the embedder works on those before. The timing outlives the
  // cache too.
  BottleneckCache(const std::filesystem::path& data_dir, const FeatureSettings& settings, Embedder& embedder,
                  int threads = 0, const CacheTiming& timing = CacheTiming::real());

  // Of every field of the settings, the embedder's identity and the version of the code that makes the
  // pictures.
  static std::string key(const FeatureSettings& settings, const std::string& embedder_identity);

  // Builds the items that the cache lacks; when it lacks none, neither opens a sound file or a spectrogram
  // nor calls the embedder. Errors as SpectrogramCache::ensure(), and the embedder's; OutOfRange where what
  // it gives is not finite. Stops within one batch and keeps what is done. Progress comes from several
  // threads, one at a time: of bottlenecks, and of spectrograms while the embedder waits for them. While
  // another process builds, it is that process's, at either level. What both levels take is measured by
  // `times`, which may be null: this one is at work while pictures are made, embedded and written.
  absl::Status ensure(std::span<const FeatureItem> items, const ProgressCallback& progress,
                      std::stop_token stop, StageTimes* times = nullptr);

  // NotFound where the cache lacks an item.
  absl::StatusOr<BottleneckTable> open(std::span<const FeatureItem> items);

 private:
  absl::Status build(std::span<const FeatureItem> items, const ProgressCallback& callback,
                     StageProgress& progress, const std::stop_token& stop);

  std::filesystem::path data_dir_;
  FeatureSettings settings_;
  Embedder& embedder_;
  int threads_;
  const CacheTiming& timing_;
  SegmentStore store_;
};

}  // namespace melsweep::features

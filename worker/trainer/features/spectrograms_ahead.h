// Level 1 for a build of level 2: the spectrograms of the next items are made while the network works on
// those before.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>

#include "absl/status/statusor.h"
#include "worker/trainer/features/bounded_queue.h"
#include "worker/trainer/features/build_missing.h"
#include "worker/trainer/features/feature_item.h"
#include "worker/trainer/features/spectrogram_cache.h"

namespace melsweep::features {

// Works on a thread of its own, at most two parts ahead of what is taken. Destroyed, it stops; what is made
// is kept in the cache.
class SpectrogramsAhead {
 public:
  // Items of a part, about: enough to keep every thread busy, and few beside the whole.
  static constexpr std::size_t kPartItems = 128;

  // All of them outlive it, and the cache is its own meanwhile. Progress, over all items, is told from the
  // thread, and only while next() waits: otherwise who takes the spectrograms has more to tell. `times` may
  // be null.
  SpectrogramsAhead(SpectrogramCache& cache, std::span<const FeatureItem> items,
                    const ProgressCallback& progress, StageTimes* times = nullptr);

  // Those of the next items, in their order, until all have been given; or the error of
  // SpectrogramCache::ensure() or open(), after which there is no more; nothing when stopped.
  std::optional<absl::StatusOr<SpectrogramTable>> next(const std::stop_token& stop);

 private:
  void make(const std::stop_token& stop);
  absl::StatusOr<SpectrogramTable> make_part(std::size_t first, std::size_t count,
                                             const std::stop_token& stop);
  std::size_t part_size(std::size_t first) const;

  SpectrogramCache& cache_;
  std::span<const FeatureItem> items_;
  const ProgressCallback& progress_;
  StageTimes* times_;
  std::atomic<bool> awaited_{true};
  BoundedQueue<absl::StatusOr<SpectrogramTable>> ready_{1};
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace melsweep::features

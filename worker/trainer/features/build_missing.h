// How both levels of the cache come to hold what is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/progress.h"
#include "worker/trainer/features/cache_timing.h"
#include "worker/trainer/features/feature_item.h"
#include "worker/trainer/features/segment_store.h"

namespace melsweep::features {

using ProgressCallback = std::function<void(const Progress&)>;

// Counts items of one stage up to their total. Tells nobody where the callback is empty.
class StageProgress {
 public:
  StageProgress(std::string stage, std::int64_t total, const ProgressCallback& callback)
      : progress_{.stage = std::move(stage), .done = 0, .total = total}, callback_(callback) {}

  void set_done(std::int64_t done) {
    progress_.done = done;
    if (callback_) callback_(progress_);
  }
  void advance(std::int64_t items) { set_done(progress_.done + items); }
  std::int64_t total() const { return progress_.total; }

 private:
  Progress progress_;
  const ProgressCallback& callback_;
};

// Builds these items into the store, whose lock is held, and advances the progress.
using Builder = std::function<absl::Status(std::span<const FeatureItem>, StageProgress&)>;

// Shows, while another process builds these items, how far it is with a stage that comes before this one;
// false where that stage is complete.
using EarlierStage = std::function<bool(std::span<const FeatureItem>)>;

// Calls build for the items that the store lacks, without repeats, under the store's lock. While another
// process holds the lock, waits as `timing` says and shows what that process has finished; Cancelled when
// stopped meanwhile. Neither lock nor build where nothing is missing. `earlier` may be empty.
absl::Status build_missing(SegmentStore& store, std::span<const FeatureItem> items, StageProgress progress,
                           const std::stop_token& stop, const CacheTiming& timing, const Builder& build,
                           const EarlierStage& earlier = nullptr);

// The keys of the items, in order.
std::vector<std::string> keys_of(std::span<const FeatureItem> items);

// How many items there are when repeats count once.
std::int64_t count_distinct(std::span<const FeatureItem> items);

// The error of a build that was asked to stop.
absl::Status stopped_error(const std::string& stage);

}  // namespace melsweep::features

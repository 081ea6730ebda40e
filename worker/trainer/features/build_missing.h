// How both levels of the cache come to hold what is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/progress.h"
#include "worker/trainer/features/cache_timing.h"
#include "worker/trainer/features/feature_item.h"
#include "worker/trainer/features/segment_store.h"
#include "worker/trainer/features/stage_times.h"

namespace melsweep::features {

using ProgressCallback = std::function<void(const Progress&)>;

// Counts items of one stage up to their total. Tells nobody where the callback is empty, and measures nothing
// where `times` is null.
class StageProgress {
 public:
  StageProgress(std::string_view stage, std::int64_t total, const ProgressCallback& callback,
                StageTimes* times = nullptr)
      : progress_{.stage = std::string(stage), .done = 0, .total = total},
        callback_(callback),
        times_(times) {}

  void set_done(std::int64_t done) {
    progress_.done = done;
    if (callback_) callback_(progress_);
  }
  // So many more were made.
  void advance(std::int64_t items) {
    if (times_ != nullptr) times_->count_made(progress_.stage, items);
    set_done(progress_.done + items);
  }
  std::int64_t total() const { return progress_.total; }
  const std::string& stage() const { return progress_.stage; }
  StageTimes* times() const { return times_; }

 private:
  Progress progress_;
  const ProgressCallback& callback_;
  StageTimes* times_;
};

// Builds these items into the store, whose lock is held, and advances the progress.
using Builder = std::function<absl::Status(std::span<const FeatureItem>, StageProgress&)>;

// Shows, while another process builds these items, how far it is with a stage that comes before this one;
// false where that stage is complete.
using EarlierStage = std::function<bool(std::span<const FeatureItem>)>;

// Calls build for the items that the store lacks, without repeats, under the store's lock. While another
// process holds the lock, waits as `timing` says and shows what that process has finished; Cancelled when
// stopped meanwhile. Neither lock nor build where nothing is missing. `earlier` may be empty.
//
// Of the times of the progress: the looks are the stage's, as are what it found at the first one. The waiting
// is a stage of its own, which found what came meanwhile. The time of the building is for `build` to measure.
absl::Status build_missing(SegmentStore& store, std::span<const FeatureItem> items, StageProgress progress,
                           const std::stop_token& stop, const CacheTiming& timing, const Builder& build,
                           const EarlierStage& earlier = nullptr);

// The keys of the items, in order.
std::vector<std::string> keys_of(std::span<const FeatureItem> items);

// How many items there are when repeats count once.
std::int64_t count_distinct(std::span<const FeatureItem> items);

// The error of a build that was asked to stop.
absl::Status stopped_error(std::string_view stage);

}  // namespace melsweep::features

#include "worker/trainer/features/build_missing.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "worker/trainer/features/cache_lock.h"

namespace melsweep::features {
namespace {

// What the store lacks now, each item once.
absl::StatusOr<std::vector<FeatureItem>> missing_items(SegmentStore& store,
                                                       std::span<const FeatureItem> items) {
  if (absl::Status status = store.refresh(); !status.ok()) return status;
  const std::vector<std::string> keys = keys_of(items);
  const absl::StatusOr<std::vector<std::string>> lacking = store.missing(keys);
  if (!lacking.ok()) return lacking.status();
  std::unordered_map<std::string, const FeatureItem*> item_of;
  for (std::size_t i = 0; i < items.size(); ++i) item_of.emplace(keys[i], &items[i]);
  std::vector<FeatureItem> missing;
  missing.reserve(lacking->size());
  for (const std::string& key : *lacking) missing.push_back(*item_of.at(key));
  return missing;
}

absl::StatusOr<std::vector<FeatureItem>> look(SegmentStore& store, std::span<const FeatureItem> items,
                                              const StageProgress& progress) {
  const StageTimes::Span at_work(progress.times(), progress.stage());
  return missing_items(store, items);
}

// What was there at the first look, and what others have made since. A segment that turns out damaged later
// was not there.
void count_found(const StageProgress& progress, std::size_t missing_at_first, std::size_t missing_now) {
  StageTimes* const times = progress.times();
  if (times == nullptr) return;
  const std::size_t never_there = std::max(missing_at_first, missing_now);
  times->count_found(progress.stage(), progress.total() - static_cast<std::int64_t>(never_there));
  if (missing_now == never_there) return;
  times->count_found(stages::kWaiting, static_cast<std::int64_t>(never_there - missing_now));
}

bool wait_for_others(const StageProgress& progress, const CacheTiming& timing, const std::stop_token& stop) {
  const StageTimes::Span waiting(progress.times(), stages::kWaiting);
  return timing.wait_to_retry(stop);
}

void show(StageProgress& progress, const std::vector<FeatureItem>& missing) {
  progress.set_done(progress.total() - static_cast<std::int64_t>(missing.size()));
}

}  // namespace

absl::Status build_missing(SegmentStore& store, std::span<const FeatureItem> items, StageProgress progress,
                           const std::stop_token& stop, const CacheTiming& timing, const Builder& build,
                           const EarlierStage& earlier) {
  std::optional<std::size_t> missing_at_first;
  for (;;) {
    const absl::StatusOr<std::vector<FeatureItem>> before = look(store, items, progress);
    if (!before.ok()) return before.status();
    // As long as the other process has finished none of these items, it is with the stage before.
    const bool waits_for_earlier = missing_at_first == before->size() && !before->empty();
    if (!waits_for_earlier || !earlier || !earlier(*before)) show(progress, *before);
    if (!missing_at_first) missing_at_first = before->size();
    if (before->empty()) {
      count_found(progress, *missing_at_first, 0);
      return absl::OkStatus();
    }
    const absl::StatusOr<std::optional<CacheLock>> lock = CacheLock::try_acquire(store.folder());
    if (!lock.ok()) return lock.status();
    if (lock->has_value()) {
      if (absl::Status status = store.remove_unfinished(); !status.ok()) return status;
      // Between the look and the lock another process may have finished.
      const absl::StatusOr<std::vector<FeatureItem>> missing = look(store, items, progress);
      if (!missing.ok()) return missing.status();
      count_found(progress, *missing_at_first, missing->size());
      show(progress, *missing);
      return missing->empty() ? absl::OkStatus() : build(*missing, progress);
    }
    if (!wait_for_others(progress, timing, stop))
      return absl::CancelledError("stopped while another process was building features");
  }
}

std::vector<std::string> keys_of(std::span<const FeatureItem> items) {
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const FeatureItem& item : items) keys.push_back(item_key(item));
  return keys;
}

std::int64_t count_distinct(std::span<const FeatureItem> items) {
  std::unordered_set<std::string> keys;
  for (const FeatureItem& item : items) keys.insert(item_key(item));
  return static_cast<std::int64_t>(keys.size());
}

absl::Status stopped_error(std::string_view stage) {
  return absl::CancelledError(
      absl::StrCat("stopped while making ", std::string(stage), "; what was done is kept"));
}

}  // namespace melsweep::features

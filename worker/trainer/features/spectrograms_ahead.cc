#include "worker/trainer/features/spectrograms_ahead.h"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

namespace melsweep::features {

SpectrogramsAhead::SpectrogramsAhead(SpectrogramCache& cache, std::span<const FeatureItem> items,
                                     const ProgressCallback& progress, StageTimes* times)
    : cache_(cache),
      items_(items),
      progress_(progress),
      times_(times),
      thread_([this](const std::stop_token& stop) {
        try {
          make(stop);
        } catch (const std::bad_alloc&) {
          ready_.push(absl::ResourceExhaustedError("out of memory while making spectrograms"), stop);
        }
      }) {}

std::optional<absl::StatusOr<SpectrogramTable>> SpectrogramsAhead::next(const std::stop_token& stop) {
  awaited_ = true;
  std::optional<absl::StatusOr<SpectrogramTable>> table = ready_.pop(stop);
  awaited_ = false;
  return table;
}

void SpectrogramsAhead::make(const std::stop_token& stop) {
  for (std::size_t first = 0; first < items_.size();) {
    const std::size_t count = part_size(first);
    absl::StatusOr<SpectrogramTable> table = make_part(first, count, stop);
    const bool last = !table.ok();
    if (!ready_.push(std::move(table), stop) || last) return;
    first += count;
  }
}

absl::StatusOr<SpectrogramTable> SpectrogramsAhead::make_part(std::size_t first, std::size_t count,
                                                              const std::stop_token& stop) {
  const std::span<const FeatureItem> part = items_.subspan(first, count);
  const auto tell = [&](Progress progress) {
    if (!progress_ || !awaited_) return;
    progress.done += static_cast<std::int64_t>(first);
    progress.total = static_cast<std::int64_t>(items_.size());
    progress_(progress);
  };
  if (absl::Status status = cache_.ensure(part, tell, stop, times_); !status.ok()) return status;
  return cache_.open(part);
}

// The signals of one file, which stand together, are made together: it is then decoded once.
std::size_t SpectrogramsAhead::part_size(std::size_t first) const {
  std::size_t end = std::min(first + kPartItems, items_.size());
  while (end < items_.size() && items_[end].content_hash == items_[end - 1].content_hash) ++end;
  return end - first;
}

}  // namespace melsweep::features

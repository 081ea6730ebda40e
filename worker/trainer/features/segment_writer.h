// Collects new items into segments of a useful size.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "shared/time/clock.h"
#include "worker/trainer/features/segment_store.h"

namespace melsweep::features {

// A killed build loses what it made in the last seconds: a segment is written when it is full, and also when
// kMaxDelay has passed since the one before and it holds kMinItems, so that slow networks make neither one
// file an item nor one file for everything. Needs the store's lock; not thread-safe.
class SegmentWriter {
 public:
  static constexpr std::size_t kMinItems = 32;
  static constexpr std::size_t kMaxItems = 512;
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  static constexpr std::chrono::seconds kMaxDelay{5};

  // Both outlive the writer.
  SegmentWriter(SegmentStore& store, const Clock& clock)
      : store_(store), clock_(clock), last_flush_(clock.now().monotonic) {}

  // Writes a segment whenever one is due.
  absl::Status add(NewMatrix item);
  // Writes what is left. Call it at the end, after a failure or a stop too: what is done is kept.
  absl::Status flush();

 private:
  bool is_due() const;

  SegmentStore& store_;
  const Clock& clock_;
  MonotonicTime last_flush_;
  std::vector<NewMatrix> items_;
  std::size_t bytes_ = 0;
};

}  // namespace melsweep::features

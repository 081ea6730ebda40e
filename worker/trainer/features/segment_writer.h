// Collects new items into segments of a useful size.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "worker/trainer/features/segment_store.h"

namespace melsweep::features {

// What a killed build may lose is less than one segment. Needs the store's lock; not thread-safe.
class SegmentWriter {
 public:
  static constexpr std::size_t kMaxItems = 512;
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  explicit SegmentWriter(SegmentStore& store) : store_(store) {}

  // Writes a segment whenever one is full.
  absl::Status add(NewMatrix item);
  // Writes what is left. Call it at the end, after a failure or a stop too: what is done is kept.
  absl::Status flush();

 private:
  SegmentStore& store_;
  std::vector<NewMatrix> items_;
  std::size_t bytes_ = 0;
};

}  // namespace melsweep::features

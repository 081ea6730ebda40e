#include "worker/trainer/features/segment_writer.h"

#include <utility>

namespace melsweep::features {

absl::Status SegmentWriter::add(NewMatrix item) {
  bytes_ += item.values.size() * sizeof(float);
  items_.push_back(std::move(item));
  return is_due() ? flush() : absl::OkStatus();
}

bool SegmentWriter::is_due() const {
  if (items_.size() >= kMaxItems || bytes_ >= kMaxBytes) return true;
  return items_.size() >= kMinItems && clock_.now().monotonic - last_flush_ >= kMaxDelay;
}

absl::Status SegmentWriter::flush() {
  absl::Status status = store_.append(items_);
  items_.clear();
  bytes_ = 0;
  last_flush_ = clock_.now().monotonic;
  return status;
}

}  // namespace melsweep::features

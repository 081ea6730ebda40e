#include "worker/trainer/features/segment_writer.h"

#include <utility>

namespace melsweep::features {

absl::Status SegmentWriter::add(NewMatrix item) {
  bytes_ += item.values.size() * sizeof(float);
  items_.push_back(std::move(item));
  return items_.size() >= kMaxItems || bytes_ >= kMaxBytes ? flush() : absl::OkStatus();
}

absl::Status SegmentWriter::flush() {
  absl::Status status = store_.append(items_);
  items_.clear();
  bytes_ = 0;
  return status;
}

}  // namespace melsweep::features

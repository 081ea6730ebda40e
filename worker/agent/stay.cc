#include "worker/agent/stay.h"

#include <algorithm>

namespace melsweep::agent {

void Stay::begin(MonotonicTime now) {
  if (limits_.time_left) leave_at_ = now + *limits_.time_left - limits_.margin;
  idle_since_ = now;
}

void Stay::note(bool has_work, MonotonicTime now) {
  if (has_work) {
    idle_since_.reset();
  } else if (!idle_since_) {
    idle_since_ = now;
  }
}

std::optional<MonotonicTime> Stay::idle_until() const {
  if (!limits_.idle || !idle_since_) return std::nullopt;
  return *idle_since_ + *limits_.idle;
}

std::optional<ReleaseReason> Stay::over(MonotonicTime now) const {
  if (leave_at_ && now >= *leave_at_) return ReleaseReason::kTimeLimit;
  if (const auto idle = idle_until(); idle && now >= *idle) return ReleaseReason::kDrained;
  return std::nullopt;
}

std::optional<MonotonicTime> Stay::next() const {
  const auto idle = idle_until();
  if (leave_at_ && idle) return std::min(*leave_at_, *idle);
  return leave_at_ ? leave_at_ : idle;
}

}  // namespace melsweep::agent

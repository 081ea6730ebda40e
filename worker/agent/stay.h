// How long a worker stays: until its time is nearly up (a batch system's, or given), or until it has had
// nothing to do for long.
#pragma once

#include <chrono>
#include <optional>

#include "shared/model/trial.h"
#include "shared/time/clock.h"

namespace melsweep::agent {

struct StayLimits {
  std::optional<std::chrono::milliseconds> time_left{};  // when it begins; nothing: no limit
  // So long before its time is up it gives back what it does: enough to write and send a checkpoint.
  std::chrono::milliseconds margin{120'000};
  std::optional<std::chrono::milliseconds> idle{};  // nothing: it waits for work for ever
};

class Stay {
 public:
  explicit Stay(const StayLimits& limits) : limits_(limits) {}

  void begin(MonotonicTime now);

  // Whether it has something to do now.
  void note(bool has_work, MonotonicTime now);

  // Why it is to leave now, if it is.
  std::optional<ReleaseReason> over(MonotonicTime now) const;

  // When over() changes if nothing else does.
  std::optional<MonotonicTime> next() const;

 private:
  std::optional<MonotonicTime> idle_until() const;

  StayLimits limits_;
  std::optional<MonotonicTime> leave_at_;
  std::optional<MonotonicTime> idle_since_;  // nothing: it has work
};

}  // namespace melsweep::agent

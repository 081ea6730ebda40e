// When the next call of one kind may be made.
#pragma once

#include <algorithm>
#include <optional>
#include <random>

#include "shared/time/clock.h"
#include "shared/wire/retry.h"

namespace melsweep::agent {

// One call at a time, with a longer pause after each failure in a row.
class CallTiming {
 public:
  bool in_flight() const { return in_flight_; }

  // No call is under way and the pause is over.
  bool may_start(MonotonicTime now) const { return !in_flight_ && now >= not_before_; }

  // When may_start() becomes true by itself; none while a call is under way.
  std::optional<MonotonicTime> next_start() const {
    if (in_flight_) return std::nullopt;
    return not_before_;
  }

  // Of the latest call.
  MonotonicTime started_at() const { return started_at_; }

  void start(MonotonicTime now) {
    in_flight_ = true;
    started_at_ = now;
  }

  void succeed() {
    in_flight_ = false;
    failures_ = 0;
  }

  void fail(const wire::BackoffPolicy& backoff, std::mt19937_64& random, MonotonicTime now) {
    in_flight_ = false;
    not_before_ = std::max(not_before_, now + wire::backoff_delay(backoff, ++failures_, random));
  }

  // A call ended in a way that says nothing of the connection.
  void end() { in_flight_ = false; }

  void set_not_before(MonotonicTime when) { not_before_ = when; }

 private:
  bool in_flight_ = false;
  int failures_ = 0;
  MonotonicTime not_before_;  // long ago
  MonotonicTime started_at_;
};

}  // namespace melsweep::agent

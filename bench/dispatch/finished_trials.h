// How many trials are durably finished.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "shared/time/clock.h"

namespace melsweep::bench {

// Counts what the coordinator has acknowledged. Thread-safe.
class FinishedTrials {
 public:
  explicit FinishedTrials(std::int64_t expected) : expected_(expected) {}

  // A trial was handed out: the time starts with the first.
  void note_lease();
  void note_finished(std::int64_t trials);

  // From the first lease to the last acknowledgement, once all that are expected have finished.
  std::chrono::milliseconds wait_for_all();

 private:
  const std::int64_t expected_;
  const SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable all_;
  std::int64_t finished_ = 0;  // guarded by mutex_
  MonotonicTime first_{};      // guarded by mutex_
  MonotonicTime last_{};       // guarded by mutex_
  bool started_ = false;       // guarded by mutex_
};

}  // namespace melsweep::bench

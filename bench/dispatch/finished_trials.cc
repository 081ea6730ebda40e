#include "bench/dispatch/finished_trials.h"

namespace melsweep::bench {

void FinishedTrials::note_lease() {
  const std::scoped_lock lock(mutex_);
  if (started_) return;
  started_ = true;
  first_ = clock_.now().monotonic;
}

void FinishedTrials::note_finished(std::int64_t trials) {
  const std::scoped_lock lock(mutex_);
  finished_ += trials;
  last_ = clock_.now().monotonic;
  if (finished_ >= expected_) all_.notify_all();
}

std::chrono::milliseconds FinishedTrials::wait_for_all() {
  std::unique_lock lock(mutex_);
  all_.wait(lock, [this] { return finished_ >= expected_; });
  return last_ - first_;
}

}  // namespace melsweep::bench

#include "worker/trainer/features/cache_timing.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace melsweep::features {
namespace {

constexpr std::chrono::milliseconds kRetryEvery{250};

bool sleep_unless_stopped(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  never_notified.wait_for(lock, stop, kRetryEvery, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace

const CacheTiming& CacheTiming::real() {
  static const SystemClock clock;
  static const CacheTiming timing{.clock = clock, .wait_to_retry = sleep_unless_stopped};
  return timing;
}

}  // namespace melsweep::features

#include "shared/wire/retry.h"

#include <algorithm>
#include <cmath>

namespace melsweep::wire {

bool is_retryable(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, int failures, std::mt19937_64& random) {
  const double grown =
      static_cast<double>(policy.initial.count()) * std::pow(policy.factor, std::max(failures, 1) - 1);
  // min() before the conversion: what has grown past 64 bits is infinite as a double, and undefined as an
  // integer.
  const double bound = std::min(grown, static_cast<double>(policy.longest.count()));
  std::uniform_int_distribution<std::int64_t> delay_ms(0, static_cast<std::int64_t>(bound));
  return std::chrono::milliseconds(delay_ms(random));
}

absl::Status retry(const RetryOptions& options, const Clock& clock, const Sleeper& sleep,
                   std::mt19937_64& random, const std::function<absl::Status()>& call) {
  const MonotonicTime last_start = clock.now().monotonic + options.total;
  for (int failures = 1;; ++failures) {
    absl::Status status = call();
    if (!is_retryable(status.code())) return status;
    const auto delay = backoff_delay(options.backoff, failures, random);
    if (clock.now().monotonic + delay > last_start) return status;
    sleep(delay);
  }
}

}  // namespace melsweep::wire

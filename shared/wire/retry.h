// When and how soon a failed call is made again.
#pragma once

#include <chrono>
#include <functional>
#include <random>

#include "absl/status/status.h"
#include "shared/time/clock.h"

namespace melsweep::wire {

// Whether the same request may succeed later: Unavailable, DeadlineExceeded and Aborted, and Cancelled, which
// is what a stopping server makes of the calls it was serving (who cancels on this side knows that it did).
bool is_retryable(absl::StatusCode code);

struct BackoffPolicy {
  std::chrono::milliseconds initial{100};  // bound of the first delay
  std::chrono::milliseconds longest{5'000};
  double factor = 2.0;  // by which the bound grows with every failure
};

// How long to wait after the `failures`th failure in a row (1 = the first): uniform between 0 and
// min(longest, initial * factor^(failures - 1)). "Full jitter": a crowd that failed together does not come
// back together (Brooker, "Exponential Backoff And Jitter", 2015).
std::chrono::milliseconds backoff_delay(const BackoffPolicy& policy, int failures, std::mt19937_64& random);

// Waits at least this long; a caller that must wake early passes one that can be woken.
using Sleeper = std::function<void(std::chrono::milliseconds)>;

struct RetryOptions {
  BackoffPolicy backoff;
  std::chrono::milliseconds total{30'000};  // no further attempt starts later than this after the first
};

// Makes the call until it succeeds, fails with what is not retryable, or the time is up; returns its last
// answer.
absl::Status retry(const RetryOptions& options, const Clock& clock, const Sleeper& sleep,
                   std::mt19937_64& random, const std::function<absl::Status()>& call);

}  // namespace melsweep::wire

// How long failed work rests before it is tried again.
#pragma once

#include <chrono>
#include <cstdint>

#include "coordinator/core/options.h"

namespace melsweep::core {

// After the `failures`-th failure (1 and up): retry_delay doubled for each failure after the first, at most
// max_retry_delay, then shortened by up to half so that work that failed together does not come back
// together. `salt` tells one piece of work from another; the same arguments give the same delay.
std::chrono::milliseconds back_off(const Options& options, int failures, std::uint64_t salt);

}  // namespace melsweep::core

// The passing of time as the feature caches see it.
#pragma once

#include <functional>
#include <stop_token>

#include "shared/time/clock.h"

namespace melsweep::features {

struct CacheTiming {
  const Clock& clock;
  // Waits until it is worth looking again what another process has built; false once stop is requested.
  std::function<bool(const std::stop_token& stop)> wait_to_retry;

  // The system's clock, a quarter of a second between two looks. Lives as long as the process.
  static const CacheTiming& real();
};

}  // namespace melsweep::features

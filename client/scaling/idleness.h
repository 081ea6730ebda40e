// Since when each member has had nothing to do, as far as somebody has looked.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "client/scaling/fleet.h"
#include "shared/results/results.h"
#include "shared/time/clock.h"

namespace melsweep::scaling {

class Idleness {
 public:
  explicit Idleness(std::chrono::seconds is_long) : is_long_(is_long) {}

  // Notes who is idle now; how many have been for long. A member that has not begun, or that no coordinator
  // knows yet, is not idle: something is to come of it.
  int count_long_idle(const std::vector<Member>& members, const std::vector<results::WorkerSummary>& workers,
                      MonotonicTime now);

 private:
  std::chrono::seconds is_long_;
  std::map<std::string, MonotonicTime> since_;  // by member
};

}  // namespace melsweep::scaling

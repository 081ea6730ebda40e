// An agent at one moment, for those who watch it from outside.
#pragma once

#include <cstddef>

#include "worker/agent/work_tally.h"

namespace melsweep::agent {

struct AgentStatus {
  bool is_connected = false;          // the coordinator knows it, and answered last
  bool is_draining = false;           // it gives back what it has, and leaves
  int trials_held = 0;                // given to it, and not over
  int trials_running = 0;             // of those: its trainer is at them
  int preparations = 0;               // looks at data, 0 or 1
  std::size_t unreported_points = 0;  // measured, and not yet known to be with the coordinator
  WorkCounts counts;
};

}  // namespace melsweep::agent

// Who trains what at this moment: the fencing promise, seen from outside.
#pragma once

#include <optional>
#include <vector>

#include "shared/model/ids.h"
#include "tests/simulation/network.h"
#include "tests/simulation/violations.h"

namespace melsweep::simulation {

// No two workers train the same trial at the same time: the older one has stopped by itself before the
// coordinator gives the trial to another. Only a suspended worker cannot keep that: it is not held to it.
class RunningTrials {
 public:
  RunningTrials(Violations& violations, int workers)
      : violations_(violations), running_(static_cast<std::size_t>(workers)) {}

  void start(Peer worker, TrialId trial);
  void stop(Peer worker);
  void suspend(Peer worker);

 private:
  struct Running {
    TrialId trial;
    bool was_suspended = false;
  };

  Violations& violations_;
  std::vector<std::optional<Running>> running_;  // by worker
};

}  // namespace melsweep::simulation

// Who trains what at this moment: the fencing promise, seen from outside.
#pragma once

#include <map>
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
  void stop(Peer worker, TrialId trial);
  void stop_all(Peer worker);
  void suspend(Peer worker);

 private:
  // Whether the worker was suspended since it began.
  using Running = std::map<TrialId, bool>;

  Running& on(Peer worker) { return running_[static_cast<std::size_t>(worker.number)]; }

  Violations& violations_;
  std::vector<Running> running_;  // by worker
};

}  // namespace melsweep::simulation

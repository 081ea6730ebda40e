// Where a trial that has failed before is tried again: a stateless policy, best first. A cause that is a
// machine's own (no data there, no weights, a broken GPU) must not use up the trial's attempts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/ids.h"

namespace melsweep::core {

struct WorkerPlace {
  WorkerId worker;
  std::string host;  // empty: unknown, and no other worker's
};

// How far a worker is from where the trial has failed, the best first.
enum class Distance { kOtherHost, kSameHost, kSameWorker };

Distance distance(const WorkerPlace& worker, const std::vector<WorkerPlace>& failed_on);

struct PlacementQuestion {
  std::vector<WorkerPlace> asking;     // in order of arrival; not empty
  std::vector<WorkerPlace> busy;       // alive, and will ask later
  std::vector<WorkerPlace> failed_on;  // where the trial failed
};

// Which of `asking` gets the trial: the farthest one, of several the one that asked first. Nothing: a busy
// worker is farther, and is to be waited for.
std::optional<std::size_t> place(const PlacementQuestion& question);

}  // namespace melsweep::core

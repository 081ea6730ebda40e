// The state in numbers, for those who watch a coordinator from outside.
#pragma once

#include <cstdint>

#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

struct TrialCounts {
  std::int64_t pending = 0;
  std::int64_t running = 0;
  std::int64_t finished = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  friend bool operator==(const TrialCounts&, const TrialCounts&) = default;
};

struct SweepCounts {
  std::int64_t waiting = 0;
  std::int64_t preparing = 0;
  std::int64_t running = 0;
  std::int64_t finished = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t paused = 0;  // of those that have not ended
  friend bool operator==(const SweepCounts&, const SweepCounts&) = default;
};

struct WorkerCounts {
  std::int64_t alive = 0;     // they hold work, or were heard of within a lease
  std::int64_t busy = 0;      // of those: they hold work
  std::int64_t waiting = 0;   // of those: they asked for work, and there is none
  std::int64_t draining = 0;  // of those: they are to leave
  friend bool operator==(const WorkerCounts&, const WorkerCounts&) = default;
};

struct Overview {
  TrialCounts trials;  // made so far, of all sweeps
  SweepCounts sweeps;
  WorkerCounts workers;
  std::int64_t queued = 0;  // trials and preparations that wait for a worker, those of paused sweeps left out
  std::int64_t preparing = 0;  // looks at data that workers are at
  friend bool operator==(const Overview&, const Overview&) = default;
};

// O(sweeps + workers + leases): it does not go through the trials.
Overview overview_of(const State& state, MonotonicTime now);

}  // namespace melsweep::core

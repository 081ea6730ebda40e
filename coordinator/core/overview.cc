#include "coordinator/core/overview.h"

#include "coordinator/core/leases.h"

namespace melsweep::core {
namespace {

std::int64_t& count_of(SweepCounts& counts, SweepState state) {
  switch (state) {
    case SweepState::kWaiting:
      return counts.waiting;
    case SweepState::kPreparing:
      return counts.preparing;
    case SweepState::kRunning:
      return counts.running;
    case SweepState::kFinished:
      return counts.finished;
    case SweepState::kFailed:
      return counts.failed;
    case SweepState::kCancelled:
      break;
  }
  return counts.cancelled;
}

void count_sweeps(const State& state, Overview& overview) {
  std::int64_t open = 0;
  for (const auto& [id, sweep] : state.sweeps) {
    ++count_of(overview.sweeps, sweep.record.state);
    if (sweep.record.paused) ++overview.sweeps.paused;
    overview.trials.finished += sweep.trials_finished;
    overview.trials.failed += sweep.trials_failed;
    overview.trials.cancelled +=
        sweep.trials - sweep.trials_finished - sweep.trials_failed - sweep.trials_open;
    open += sweep.trials_open;
  }
  overview.trials.pending = open - overview.trials.running;
}

void count_leases(const State& state, Overview& overview) {
  for (const auto& [expires, key] : state.expiries) {
    ++(key.number == 0 ? overview.preparing : overview.trials.running);
  }
}

void count_workers(const State& state, MonotonicTime now, WorkerCounts& counts) {
  for (const auto& [id, worker] : state.workers) {
    if (!is_alive(state, worker, now)) continue;
    ++counts.alive;
    if (!worker.holds.empty()) ++counts.busy;
    if (worker.record.draining) ++counts.draining;
    if (state.parked.find(id) != nullptr) ++counts.waiting;
  }
}

}  // namespace

Overview overview_of(const State& state, MonotonicTime now) {
  Overview overview;
  count_leases(state, overview);
  count_sweeps(state, overview);
  count_workers(state, now, overview.workers);
  overview.queued = static_cast<std::int64_t>(state.queue.size());
  return overview;
}

}  // namespace melsweep::core

#include "coordinator/core/may_write.h"

#include <algorithm>
#include <variant>

#include "coordinator/core/assigning.h"
#include "coordinator/core/leases.h"

namespace melsweep::core {
namespace {

struct MayWrite {
  const State& state;
  const Now& now;

  bool operator()(const WorkerRegistered& event) const {
    const auto known = state.workers.find(event.worker);
    return known == state.workers.end() || known->second.record.host != event.host ||
           known->second.record.device != event.device || known->second.record.resources != event.resources ||
           can_lease(state, now.monotonic);
  }

  bool operator()(const LeaseRequested& event) const {
    const auto worker = state.workers.find(event.worker);
    if (worker == state.workers.end()) return false;
    const auto release = state.queue.next_release();
    const bool is_work_there =
        state.queue.has_ready() || state.queue.has_aside() || (release && *release <= now.monotonic);
    const std::set<WorkKey>& holds = worker->second.holds;
    return is_work_there || std::any_of(holds.begin(), holds.end(),
                                        [&](const WorkKey& key) { return !lease_at(state, key)->confirmed; });
  }

  bool operator()(const LeaseAbandoned&) const { return false; }
  bool operator()(const HeartbeatReceived&) const { return false; }
  bool operator()(const UploadOffered&) const { return false; }
  bool operator()(const WorkersAsked&) const { return false; }
  bool operator()(const ReportReceived&) const { return true; }
  bool operator()(const SweepSubmitted& event) const { return !state.submissions.contains(event.request); }
  bool operator()(const SweepPaused&) const { return true; }
  bool operator()(const SweepResumed&) const { return true; }
  bool operator()(const SweepCancelled&) const { return true; }
  bool operator()(const WorkerDrained&) const { return true; }

  bool operator()(const TimePassed&) const {
    const bool is_lease_over = !state.expiries.empty() && state.expiries.begin()->first <= now.monotonic;
    return is_lease_over || !state.making.empty() || can_lease(state, now.monotonic);
  }
};

}  // namespace

bool may_write(const State& state, const Event& event, const Now& now) {
  return std::visit(MayWrite{state, now}, event);
}

}  // namespace melsweep::core

#include <algorithm>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/trial_making.h"

namespace melsweep::core {
namespace {

void take_back(State& state, const WorkKey& key, const Now& now, Outbox& outbox) {
  const auto silence = state.options.lease_ttl + state.options.lease_grace;
  const auto message = absl::StrCat("the worker ", latest_lease(state, key).worker.value,
                                    " was not heard of for ", silence.count(), " ms: it died or was cut off");
  end_work(state, key, {AttemptState::kLost, Failure{FailureKind::kInternal, message}}, now, outbox);
}

// Its worker lived on without ever speaking of it: the answer that gave it the work was lost, or was one to a
// request that came late or twice.
bool never_arrived(const State& state, const WorkKey& key) {
  const Lease& lease = *lease_at(state, key);
  const auto& heard = state.workers.at(latest_lease(state, key).worker).last_heard;
  return !lease.confirmed && heard && *heard >= lease.granted + state.options.lease_ttl;
}

}  // namespace

Outbox on_time_passed(State& state, const TimePassed&, const Now& now) {
  Outbox outbox;
  while (!state.expiries.empty() && state.expiries.begin()->first <= now.monotonic) {
    const WorkKey key = state.expiries.begin()->second;
    if (never_arrived(state, key)) {
      end_work(state, key, {AttemptState::kReleased, std::nullopt, ReleaseReason::kUndelivered}, now, outbox);
    } else {
      take_back(state, key, now, outbox);
    }
  }
  if (!state.making.empty()) {
    make_more_trials(state, state.sweeps.at(*state.making.begin()), now, outbox);
  }
  serve(state, now, outbox);
  return outbox;
}

std::optional<MonotonicTime> next_deadline(const State& state) {
  if (!state.making.empty()) return MonotonicTime{};
  std::optional<MonotonicTime> next;
  const auto consider = [&next](MonotonicTime time) { next = next ? std::min(*next, time) : time; };
  if (!state.expiries.empty()) consider(state.expiries.begin()->first);
  if (const auto wait_is_over = state.parked.next_deadline()) consider(*wait_is_over);
  // Work that becomes ready changes nothing until somebody asks for it.
  if (const auto release = state.queue.next_release(); release && !state.parked.empty()) consider(*release);
  return next;
}

Outbox apply(State& state, const Event& event, const Now& now) {
  struct Handle {
    State& state;
    const Now& now;
    Outbox operator()(const WorkerRegistered& e) const { return on_worker_registered(state, e, now); }
    Outbox operator()(const LeaseRequested& e) const { return on_lease_requested(state, e, now); }
    Outbox operator()(const LeaseAbandoned& e) const { return on_lease_abandoned(state, e, now); }
    Outbox operator()(const HeartbeatReceived& e) const { return on_heartbeat(state, e, now); }
    Outbox operator()(const ReportReceived& e) const { return on_report(state, e, now); }
    Outbox operator()(const SweepSubmitted& e) const { return on_sweep_submitted(state, e, now); }
    Outbox operator()(const SweepPaused& e) const { return on_sweep_paused(state, e, now); }
    Outbox operator()(const SweepResumed& e) const { return on_sweep_resumed(state, e, now); }
    Outbox operator()(const SweepCancelled& e) const { return on_sweep_cancelled(state, e, now); }
    Outbox operator()(const WorkerDrained& e) const { return on_worker_drained(state, e, now); }
    Outbox operator()(const UploadOffered& e) const { return on_upload_offered(state, e, now); }
    Outbox operator()(const WorkersAsked& e) const { return on_workers_asked(state, e, now); }
    Outbox operator()(const TimePassed& e) const { return on_time_passed(state, e, now); }
  };
  return std::visit(Handle{state, now}, event);
}

}  // namespace melsweep::core

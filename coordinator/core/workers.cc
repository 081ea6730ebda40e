#include <algorithm>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/machine.h"

namespace melsweep::core {
namespace {

std::int64_t milliseconds(const Now& now) {
  return now.wall.time_since_epoch().count();
}

absl::Status not_registered(const WorkerId& worker) {
  return absl::NotFoundError(absl::StrCat("the worker ", worker.value, " is not known here: register first"));
}

// What the worker was given for this very request, if it still holds it.
std::optional<WorkKey> given_for(const State& state, const WorkerEntry& worker, const RequestId& request) {
  const auto found = std::find_if(worker.holds.begin(), worker.holds.end(), [&](const WorkKey& key) {
    return latest_lease(state, key).request == request;
  });
  if (found == worker.holds.end()) return std::nullopt;
  return *found;
}

WorkerStatus status_of(const State& state, const WorkerEntry& worker) {
  WorkerStatus status{worker.record.id, std::nullopt, {}, worker.last_seen_ms};
  for (const WorkKey& key : worker.holds) {
    if (key.number != 0) status.trial = trial_at(state, key).record.id;
    status.progress = lease_at(state, key)->progress;
  }
  return status;
}

void set_progress(State& state, const WorkKey& key, const Progress& progress) {
  auto& lease = key.number == 0 ? state.sweeps.at(key.sweep).lease : trial_at(state, key).lease;
  lease->progress = progress;
}

}  // namespace

Outbox on_worker_registered(State& state, const WorkerRegistered& event, const Now& now) {
  Outbox outbox;
  WorkerEntry& worker = state.workers[event.worker];
  worker.last_seen_ms = milliseconds(now);
  WorkerRecord record{event.worker, event.host, event.device, worker.record.registered_ms};
  if (record.registered_ms == 0) record.registered_ms = milliseconds(now);
  if (record != worker.record) {
    worker.record = record;
    outbox.writes.emplace_back(store::PutWorker{record});
  }
  outbox.answer(event.token, Registered{state.options.lease_ttl, state.options.heartbeat_interval});
  return outbox;
}

Outbox on_lease_requested(State& state, const LeaseRequested& event, const Now& now) {
  Outbox outbox;
  const auto worker = state.workers.find(event.worker);
  if (worker == state.workers.end()) {
    outbox.refuse(event.token, not_registered(event.worker));
    return outbox;
  }
  worker->second.last_seen_ms = milliseconds(now);
  if (const auto given = given_for(state, worker->second, event.request)) {
    renew(state, *given, now.monotonic);
    outbox.answer(event.token, Leased{assignment_for(state, *given)});
    return outbox;
  }
  // A worker that asks again has given up on its earlier call.
  const auto earlier = std::find_if(state.parked.begin(), state.parked.end(),
                                    [&](const ParkedLease& parked) { return parked.worker == event.worker; });
  if (earlier != state.parked.end()) {
    outbox.answer(earlier->token, Leased{});
    state.parked.erase(earlier);
  }
  const auto wait = std::clamp(event.wait, std::chrono::milliseconds(0), state.options.max_lease_wait);
  state.parked.push_back({event.token, event.worker, event.request, now.monotonic + wait});
  serve(state, now, outbox);
  return outbox;
}

Outbox on_lease_abandoned(State& state, const LeaseAbandoned& event, const Now&) {
  Outbox outbox;
  const auto abandoned =
      state.parked.remove_if([&](const ParkedLease& parked) { return parked.token == event.token; });
  if (abandoned > 0) outbox.refuse(event.token, absl::CancelledError("the worker no longer waits"));
  return outbox;
}

Outbox on_heartbeat(State& state, const HeartbeatReceived& event, const Now& now) {
  Outbox outbox;
  const auto worker = state.workers.find(event.worker);
  if (worker == state.workers.end()) {
    outbox.refuse(event.token, not_registered(event.worker));
    return outbox;
  }
  worker->second.last_seen_ms = milliseconds(now);
  HeartbeatAnswered answer;
  for (const RunningWork& running : event.running) {
    if (is_held(state, running.work, event.worker)) {
      const WorkKey key = *find_work(state, running.work);
      renew(state, key, now.monotonic);
      set_progress(state, key, running.progress);
    } else {
      answer.stop.push_back(running.work);
    }
  }
  outbox.answer(event.token, answer);
  serve(state, now, outbox);
  return outbox;
}

Outbox on_workers_asked(State& state, const WorkersAsked& event, const Now&) {
  WorkersListed listed;
  for (const auto& [id, worker] : state.workers) listed.workers.push_back(status_of(state, worker));
  Outbox outbox;
  outbox.answer(event.token, listed);
  return outbox;
}

}  // namespace melsweep::core

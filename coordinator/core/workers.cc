#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/matching.h"

namespace melsweep::core {
namespace {

std::int64_t milliseconds(const Now& now) {
  return now.wall.time_since_epoch().count();
}

absl::Status not_registered(const WorkerId& worker) {
  return absl::NotFoundError(absl::StrCat("the worker ", worker.value, " is not known here: register first"));
}

// What the worker was given for this very request, as far as it still holds it.
std::vector<WorkKey> given_for(const State& state, const WorkerEntry& worker, const RequestId& request) {
  std::vector<WorkKey> given;
  std::copy_if(worker.holds.begin(), worker.holds.end(), std::back_inserter(given),
               [&](const WorkKey& key) { return latest_lease(state, key).request == request; });
  return given;
}

// Whether the worker no longer waits for an answer to this request: it has had one, or asked anew since.
bool is_over(const WorkerEntry& worker, const LeaseRequested& event) {
  if (event.number != 0 && event.number < worker.latest_request) return true;
  return std::find(worker.answered.begin(), worker.answered.end(), event.request) != worker.answered.end();
}

// A worker that asks anew has given up on its earlier requests: what one of those was given, and the worker
// never spoke of, never arrived.
void release_undelivered(State& state, const WorkerEntry& worker, const Now& now, Outbox& outbox) {
  std::vector<WorkKey> undelivered;
  std::copy_if(worker.holds.begin(), worker.holds.end(), std::back_inserter(undelivered),
               [&](const WorkKey& key) { return !lease_at(state, key)->confirmed; });
  for (const WorkKey& key : undelivered) {
    end_work(state, key, {AttemptState::kReleased, std::nullopt, ReleaseReason::kUndelivered}, now, outbox);
  }
}

// Into the line, beside an earlier call of the same request or in place of the worker's earlier request.
void park(State& state, const LeaseRequested& event, MonotonicTime deadline, Outbox& outbox) {
  const ParkedLease* earlier = state.parked.find(event.worker);
  if (earlier != nullptr && earlier->request == event.request) {
    state.parked.join(event.worker, event.token, deadline);
    return;
  }
  if (earlier != nullptr) answer_lease(state, state.parked.take(event.worker), Leased{}, outbox);
  const int max_trials = std::min(event.max_trials, state.options.max_group);
  state.parked.add({event.worker, event.request, deadline, {event.token}, max_trials});
}

WorkerStatus status_of(const State& state, const WorkerEntry& worker, MonotonicTime now) {
  WorkerStatus status;
  status.id = worker.record.id;
  status.is_alive = is_alive(state, worker, now);
  status.last_seen_ms = worker.last_seen_ms;
  for (const WorkKey& key : worker.holds) {
    if (key.number != 0) status.trial = trial_at(state, key).record.id;
    status.progress = lease_at(state, key)->progress;
  }
  return status;
}

}  // namespace

Outbox on_worker_registered(State& state, const WorkerRegistered& event, const Now& now) {
  Outbox outbox;
  WorkerEntry& worker = state.workers[event.worker];
  hear(worker, now);
  WorkerRecord record = worker.record;
  record.id = event.worker;
  record.host = event.host;
  record.device = event.device;
  record.resources = event.resources;
  if (record.registered_ms == 0) record.registered_ms = milliseconds(now);
  if (record != worker.record) {
    worker.record = record;
    outbox.writes.emplace_back(store::PutWorker{record});
  }
  outbox.answer(event.token,
                Registered{state.options.lease_ttl, state.options.heartbeat_interval, state.store});
  serve(state, now, outbox);  // more may suit it than before
  return outbox;
}

Outbox on_lease_requested(State& state, const LeaseRequested& event, const Now& now) {
  Outbox outbox;
  const auto worker = state.workers.find(event.worker);
  if (worker == state.workers.end()) {
    outbox.refuse(event.token, not_registered(event.worker));
    return outbox;
  }
  hear(worker->second, now);
  worker->second.latest_request = std::max(worker->second.latest_request, event.number);
  if (const auto given = given_for(state, worker->second, event.request); !given.empty()) {
    for (const WorkKey& key : given) renew(state, key, now.monotonic);
    outbox.answer(event.token, Leased{assignments_for(state, given)});
    return outbox;
  }
  if (is_over(worker->second, event)) {
    outbox.answer(event.token, Leased{});
    return outbox;
  }
  release_undelivered(state, worker->second, now, outbox);
  if (worker->second.record.draining) {
    outbox.refuse(event.token, absl::FailedPreconditionError(absl::StrCat(
                                   "the worker ", event.worker.value, " is to leave: it is given no work")));
    serve(state, now, outbox);
    return outbox;
  }
  const auto wait = std::clamp(event.wait, std::chrono::milliseconds(0), state.options.max_lease_wait);
  park(state, event, now.monotonic + wait, outbox);
  release_for(state, event.worker);
  serve(state, now, outbox);
  return outbox;
}

Outbox on_lease_abandoned(State& state, const LeaseAbandoned& event, const Now&) {
  Outbox outbox;
  if (state.parked.abandon(event.token))
    outbox.refuse(event.token, absl::CancelledError("the worker no longer waits"));
  return outbox;
}

Outbox on_heartbeat(State& state, const HeartbeatReceived& event, const Now& now) {
  Outbox outbox;
  const auto worker = state.workers.find(event.worker);
  if (worker == state.workers.end()) {
    outbox.refuse(event.token, not_registered(event.worker));
    return outbox;
  }
  hear(worker->second, now);
  HeartbeatAnswered answer;
  answer.lease_ttl = state.options.lease_ttl;
  answer.heartbeat_interval = state.options.heartbeat_interval;
  answer.drain = worker->second.record.draining;
  for (const RunningWork& running : event.running) {
    if (is_held(state, running.work, event.worker)) {
      const WorkKey key = *find_work(state, running.work);
      confirm(state, key, now.monotonic);
      note_progress(state, key, running.progress);
      if (state.sweeps.at(key.sweep).record.paused) answer.give_back.push_back(running.work);
    } else {
      answer.stop.push_back(running.work);
    }
  }
  outbox.answer(event.token, answer);
  return outbox;
}

Outbox on_upload_offered(State& state, const UploadOffered& event, const Now& now) {
  Outbox outbox;
  const auto worker = state.workers.find(event.worker);
  if (worker == state.workers.end()) {
    outbox.refuse(event.token, not_registered(event.worker));
    return outbox;
  }
  hear(worker->second, now);
  if (!is_held(state, event.attempt, event.worker)) {
    outbox.refuse(event.token, not_held(event.attempt, event.worker));
    return outbox;
  }
  outbox.answer(event.token, UploadAccepted{state.trials.at(event.attempt.trial).record.sweep});
  return outbox;
}

Outbox on_worker_drained(State& state, const WorkerDrained& event, const Now& now) {
  Outbox outbox;
  const auto found = state.workers.find(event.worker);
  if (found == state.workers.end()) {
    outbox.refuse(event.token, absl::NotFoundError(absl::StrCat("there is no worker ", event.worker.value)));
    return outbox;
  }
  WorkerRecord& worker = found->second.record;
  if (!worker.draining) {
    worker.draining = true;
    outbox.writes.emplace_back(store::PutWorker{worker});
    if (state.parked.find(worker.id) != nullptr) {
      answer_lease(state, state.parked.take(worker.id), Leased{}, outbox);
    }
    // What waited for this one must not wait any longer.
    state.queue.release_aside([](const WorkKey&) { return true; });
  }
  outbox.answer(event.token, Done{});
  serve(state, now, outbox);
  return outbox;
}

Outbox on_workers_asked(State& state, const WorkersAsked& event, const Now& now) {
  WorkersListed listed;
  for (const auto& [id, worker] : state.workers)
    listed.workers.push_back(status_of(state, worker, now.monotonic));
  for (const SweepId id : state.open_sweeps) {
    if (std::string unmet = unmet_request(state, state.sweeps.at(id), now.monotonic); !unmet.empty()) {
      listed.unmet.emplace(id, std::move(unmet));
    }
  }
  Outbox outbox;
  outbox.answer(event.token, listed);
  return outbox;
}

}  // namespace melsweep::core

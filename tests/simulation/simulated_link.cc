#include "tests/simulation/simulated_link.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "tests/simulation/workload.h"

namespace melsweep::simulation {
namespace {

using std::chrono::milliseconds;

// As worker/agent/grpc_link.cc has them.
constexpr milliseconds kTimeout{10'000};
constexpr milliseconds kLeaseMargin{10'000};

// Every second worker has what some sweeps ask for.
WorkerResources resources_of(const Peer& peer) {
  WorkerResources resources;
  if (peer.number % 2 == 0) resources.labels = {kLabel};
  return resources;
}

absl::Status status_of(const core::Answer& answer) {
  const auto* refused = std::get_if<core::Refused>(&answer);
  return refused == nullptr ? absl::OkStatus() : refused->status;
}

agent::Event read_terms(const core::Answer& answer) {
  const auto* registered = std::get_if<core::Registered>(&answer);
  if (registered == nullptr) return agent::RegisterAnswered{status_of(answer)};
  return agent::RegisterAnswered{
      agent::LeaseTerms{registered->lease_ttl, registered->heartbeat_interval, registered->store}};
}

agent::Event read_assignment(const core::Answer& answer) {
  const auto* leased = std::get_if<core::Leased>(&answer);
  if (leased == nullptr) return agent::LeaseAnswered{status_of(answer)};
  return agent::LeaseAnswered{leased->assignments};
}

agent::Event read_heartbeat(const core::Answer& answer) {
  const auto* answered = std::get_if<core::HeartbeatAnswered>(&answer);
  if (answered == nullptr) return agent::HeartbeatAnswered{status_of(answer)};
  return agent::HeartbeatAnswered{agent::HeartbeatAnswer{answered->stop, answered->give_back, answered->drain,
                                                         answered->lease_ttl, answered->heartbeat_interval}};
}

agent::Event read_reported(const core::Answer& answer) {
  const auto* reported = std::get_if<core::Reported>(&answer);
  if (reported == nullptr) return agent::ReportAnswered{status_of(answer)};
  return agent::ReportAnswered{absl::OkStatus(), reported->stale};
}

}  // namespace

SimulatedLink::SimulatedLink(const Parts& parts, Peer peer, std::function<void(agent::Event)> post)
    : parts_(parts), peer_(peer), post_(std::move(post)) {}

void SimulatedLink::become(const WorkerId& worker) {
  worker_ = worker;
  open_ = {};
  lease_tokens_.clear();
}

void SimulatedLink::break_off() {
  tell_of_abandoned_lease();
  open_ = {};
}

template <class AskingEvent>
void SimulatedLink::call(Kind kind, AskingEvent event, milliseconds timeout, Reader read) {
  assert(open_[kind] == 0);
  const Call call{kind, ++last_call_, read};
  open_[kind] = call.number;
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerCalls, peer_.number, kind,
                    static_cast<std::int64_t>(call.number));
  parts_.network.send(Direction::kToCoordinator, peer_,
                      [this, call, event = std::move(event)] { arrive(call, event); });
  parts_.queue.after(timeout, [this, call] {
    if (open_[call.kind] != call.number) return;
    // The coordinator's side of the call knows the deadline as well.
    if (call.kind == kLease) {
      for (const core::Token token : std::exchange(lease_tokens_, {})) parts_.coordinator.abandon(token);
    }
    end(call, core::Refused{absl::DeadlineExceededError("no answer in time")});
  });
}

template <class AskingEvent>
void SimulatedLink::arrive(const Call& call, const AskingEvent& event) {
  if (!parts_.coordinator.is_up()) {
    reply(call, core::Refused{absl::UnavailableError("nobody listens")});
    return;
  }
  const core::Token token =
      parts_.coordinator.ask(event, [this, call](const core::Answer& answer) { reply(call, answer); });
  if (call.kind == kLease && open_[kLease] == call.number) lease_tokens_.push_back(token);
}

void SimulatedLink::reply(const Call& call, const core::Answer& answer) {
  parts_.network.send(Direction::kFromCoordinator, peer_, [this, call, answer] { end(call, answer); });
}

void SimulatedLink::end(const Call& call, const core::Answer& answer) {
  if (open_[call.kind] != call.number) return;
  open_[call.kind] = 0;
  if (call.kind == kLease) lease_tokens_.clear();
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerHears, peer_.number,
                    static_cast<std::int64_t>(call.number), status_of(answer).raw_code());
  if (const auto* reported = std::get_if<core::Reported>(&answer); reported && call.kind == kReport) {
    std::erase_if(reporting_, [&](const WorkReport& report) {
      return std::find(reported->stale.begin(), reported->stale.end(), report.work) != reported->stale.end();
    });
    parts_.ledger.on_acknowledged(reporting_, parts_.disk);
  }
  post_(call.read(answer));
}

void SimulatedLink::tell_of_abandoned_lease() {
  for (const core::Token token : std::exchange(lease_tokens_, {})) {
    parts_.network.send(Direction::kToCoordinator, peer_,
                        [this, token] { parts_.coordinator.abandon(token); });
  }
}

void SimulatedLink::register_worker(const std::string& device) {
  call(kRegister, core::WorkerRegistered{{}, worker_, "host", device, resources_of(peer_)}, kTimeout,
       read_terms);
}

void SimulatedLink::lease(const agent::WorkRequest& request) {
  lease_tokens_.clear();
  call(kLease,
       core::LeaseRequested{{}, worker_, request.id, request.wait, request.max_trials, request.number},
       request.wait + kLeaseMargin, read_assignment);
}

void SimulatedLink::cancel_lease() {
  const Call call{kLease, open_[kLease], read_assignment};
  if (call.number == 0) return;
  tell_of_abandoned_lease();
  parts_.queue.after(milliseconds(0),
                     [this, call] { end(call, core::Refused{absl::CancelledError("cancelled")}); });
}

void SimulatedLink::heartbeat(const std::vector<RunningWork>& running, milliseconds timeout) {
  call(kHeartbeat, core::HeartbeatReceived{{}, worker_, running}, timeout, read_heartbeat);
}

void SimulatedLink::report(const std::vector<WorkReport>& reports) {
  reporting_ = reports;
  call(kReport, core::ReportReceived{{}, worker_, reports}, kTimeout, read_reported);
}

}  // namespace melsweep::simulation

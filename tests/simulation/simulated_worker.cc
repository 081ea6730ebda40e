#include "tests/simulation/simulated_worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::simulation {
namespace {

using std::chrono::milliseconds;

constexpr int kMostWakesAtOnce = 100;

agent::AgentOptions agent_options() {
  agent::AgentOptions options;
  options.artifacts_dir = "/artifacts";
  options.trainer.hello = milliseconds(30'000);
  return options;
}

}  // namespace

SimulatedWorker::SimulatedWorker(const Parts& parts, Peer peer, Random random,
                                 const SimulatedTrainer::Traits& trainer)
    : parts_(parts),
      peer_(peer),
      random_(random),
      link_(parts.link, peer, [this](agent::Event event) { post(std::move(event)); }),
      transfer_({parts.queue, parts.trace, parts.link.network, parts.link.coordinator, parts.link.disk,
                 parts.folder},
                peer, files_, [this](agent::Event event) { post(std::move(event)); }),
      trainer_({parts.queue, parts.trace, parts.workload, parts.running, parts.link.ledger, files_}, peer,
               random_.fork(), trainer, [this](agent::Event event) { post(std::move(event)); }) {}

void SimulatedWorker::start() {
  ++process_;
  const std::string name = absl::StrCat("w", peer_.number, "-", process_);
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerStarts, peer_.number,
                    static_cast<std::int64_t>(process_));
  link_.become({name});
  transfer_.become({name});
  auto next_request = [name, requests = 0]() mutable -> RequestId {
    return {absl::StrCat(name, "/", ++requests)};
  };
  agent_ = std::make_unique<agent::Agent>(
      agent_options(), agent::Agent::Parts{link_, trainer_, transfer_, files_}, next_request, random_.next());
  agent_->start(parts_.queue.now());
  after_event();
}

void SimulatedWorker::crash() {
  if (!agent_) return;
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerCrashes, peer_.number);
  end_process();
}

void SimulatedWorker::end_process() {
  agent_.reset();
  ++process_;
  link_.break_off();
  transfer_.become({});
  trainer_.die_with_worker();
  inbox_.clear();
  suspended_ = false;
  wakes_at_.reset();
  on_down_();
}

void SimulatedWorker::suspend(Suspended what) {
  if (!agent_ || suspended_) return;
  suspended_ = true;
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerSuspended, peer_.number,
                    what == Suspended::kAgentAndTrainer ? 1 : 0);
  parts_.running.suspend(peer_);
  if (what == Suspended::kAgentAndTrainer) trainer_.freeze();
}

void SimulatedWorker::resume() {
  if (!suspended_) return;
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerResumes, peer_.number);
  suspended_ = false;
  for (agent::Event& event : std::exchange(inbox_, {})) post(std::move(event));
  if (!agent_) return;
  trainer_.thaw();
  if (agent_) after_event();
}

void SimulatedWorker::drain() {
  if (!agent_) return;
  parts_.trace.note(parts_.queue.now(), Happening::kWorkerDrains, peer_.number);
  post(agent::StopRequested{});
}

void SimulatedWorker::post(agent::Event event) {
  if (!agent_) return;
  if (suspended_) {
    inbox_.push_back(std::move(event));
  } else {
    handle(event);
  }
}

void SimulatedWorker::handle(const agent::Event& event) {
  agent_->handle(event, parts_.queue.now());
  after_event();
}

void SimulatedWorker::after_event() {
  if (const std::optional<int> exit_code = agent_->exit_code()) {
    parts_.trace.note(parts_.queue.now(), Happening::kWorkerLeaves, peer_.number, *exit_code);
    end_process();
    return;
  }
  wake_at_deadline();
}

void SimulatedWorker::wake_at_deadline() {
  const std::optional<MonotonicTime> deadline = agent_->next_deadline();
  if (!deadline || (wakes_at_ && *wakes_at_ <= *deadline)) return;
  wakes_at_ = std::max(*deadline, parts_.queue.now());
  parts_.queue.at(*wakes_at_, [this, process = process_, when = *wakes_at_] {
    if (process != process_ || wakes_at_ != when) return;
    wakes_at_.reset();
    if (suspended_) return;
    wakes_in_a_row_ = when == last_wake_ ? wakes_in_a_row_ + 1 : 0;
    last_wake_ = when;
    if (wakes_in_a_row_ > kMostWakesAtOnce) {
      parts_.violations.add(absl::StrCat("worker ", peer_.number, " asks to be woken without end"));
      return;
    }
    const std::optional<MonotonicTime> due = agent_->next_deadline();
    if (due && *due <= when) {
      handle(agent::TimePassed{});
    } else {
      wake_at_deadline();
    }
  });
}

}  // namespace melsweep::simulation

#include "tests/crowd/timed_link.h"

#include <utility>
#include <variant>

namespace melsweep::crowd {

TimedLink::TimedLink(std::unique_ptr<v1::WorkerService::StubInterface> stub, agent::WorkerIdentity identity,
                     std::function<void(agent::Event)> post)
    : link_(std::move(stub), std::move(identity), [this, post = std::move(post)](agent::Event event) {
        const auto* answered = std::get_if<agent::HeartbeatAnswered>(&event);
        if (answered != nullptr) note_end(answered->answer.status());
        post(std::move(event));
      }) {}

void TimedLink::heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) {
  {
    const std::scoped_lock lock(mutex_);
    started_ = clock_.now().monotonic;
  }
  link_.heartbeat(running, timeout);
}

void TimedLink::note_end(const absl::Status& outcome) {
  const std::scoped_lock lock(mutex_);
  heartbeats_.push_back({started_, clock_.now().monotonic - started_, outcome.code()});
}

std::vector<Heartbeat> TimedLink::heartbeats() const {
  const std::scoped_lock lock(mutex_);
  return heartbeats_;
}

}  // namespace melsweep::crowd

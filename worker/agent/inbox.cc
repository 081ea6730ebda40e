#include "worker/agent/inbox.h"

#include <utility>

namespace melsweep::agent {

void Inbox::push(Event event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  arrived_.notify_one();
}

void Inbox::push_patiently(Event event) {
  {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [&] { return closed_ || events_.size() < kPatientCapacity; });
    events_.push_back(std::move(event));
  }
  arrived_.notify_one();
}

std::optional<Event> Inbox::pop(std::optional<MonotonicTime> deadline) {
  std::optional<Event> event;
  {
    std::unique_lock lock(mutex_);
    const auto has_event = [&] { return !events_.empty(); };
    if (!deadline) {
      arrived_.wait(lock, has_event);
    } else if (!arrived_.wait_until(lock, *deadline, has_event)) {
      return std::nullopt;
    }
    event = std::move(events_.front());
    events_.pop_front();
  }
  left_.notify_one();
  return event;
}

void Inbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  left_.notify_all();
}

}  // namespace melsweep::agent

// Where events from other threads wait for the agent's.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "shared/time/clock.h"
#include "worker/agent/events.h"

namespace melsweep::agent {

// Thread-safe.
class Inbox {
 public:
  // Never waits.
  void push(Event event);

  // Waits while there are kPatientCapacity events already: for a source that may be faster than the agent.
  // After close() it does not wait.
  void push_patiently(Event event);

  // The oldest event; none where none came before the deadline (no deadline: however long it takes).
  std::optional<Event> pop(std::optional<MonotonicTime> deadline);

  // Nobody will pop any more.
  void close();

  static constexpr std::size_t kPatientCapacity = 256;

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable left_;
  std::deque<Event> events_;
  bool closed_ = false;
};

}  // namespace melsweep::agent

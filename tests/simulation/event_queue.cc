#include "tests/simulation/event_queue.h"

#include <algorithm>
#include <utility>

namespace melsweep::simulation {

void VirtualClock::advance_to(MonotonicTime time) {
  now_.wall += time - now_.monotonic;
  now_.monotonic = time;
}

void EventQueue::at(MonotonicTime time, Action action) {
  heap_.push_back({std::max(time, now()), added_++, std::move(action)});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

void EventQueue::step() {
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  const Entry entry = std::move(heap_.back());
  heap_.pop_back();
  clock_.advance_to(entry.time);
  ++steps_;
  entry.action();
}

}  // namespace melsweep::simulation

// Virtual time: what is to happen, in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "shared/time/clock.h"

namespace melsweep::simulation {

// When every simulation begins.
inline constexpr Now kStart{MonotonicTime(std::chrono::hours(1)),
                            WallTime(std::chrono::milliseconds(1'700'000'000'000))};

// Goes on when the queue says so; its wall clock may jump, its monotonic clock never does.
class VirtualClock final : public Clock {
 public:
  Now now() const override { return now_; }
  void advance_to(MonotonicTime time);
  void jump_wall(std::chrono::milliseconds by) { now_.wall += by; }

 private:
  Now now_ = kStart;
};

// Actions of the same moment run in the order in which they were added.
class EventQueue {
 public:
  using Action = std::function<void()>;

  // A time that has passed means now.
  void at(MonotonicTime time, Action action);
  void after(std::chrono::milliseconds delay, Action action) { at(now() + delay, std::move(action)); }

  // Goes on to the next action and runs it; there must be one.
  void step();

  bool empty() const { return heap_.empty(); }
  MonotonicTime now() const { return clock_.now().monotonic; }
  VirtualClock& clock() { return clock_; }
  std::uint64_t steps() const { return steps_; }

 private:
  struct Entry {
    MonotonicTime time;
    std::uint64_t order;
    Action action;
  };
  static bool is_later(const Entry& a, const Entry& b) {
    return a.time != b.time ? a.time > b.time : a.order > b.order;
  }

  VirtualClock clock_;
  std::vector<Entry> heap_;
  std::uint64_t added_ = 0;
  std::uint64_t steps_ = 0;
};

}  // namespace melsweep::simulation

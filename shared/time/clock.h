// Time as an argument. The only file that reads a clock of the machine is system_clock.cc.
#pragma once

#include <chrono>

namespace melsweep {

// Milliseconds of a monotonic clock with no meaning between processes: for leases and timers.
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

// Milliseconds since 1970-01-01 UTC: for people and the database, never for decisions.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// Both at one moment.
struct Now {
  MonotonicTime monotonic;
  WallTime wall;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Now now() const override;
};

}  // namespace melsweep

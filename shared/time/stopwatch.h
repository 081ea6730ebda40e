// How long something takes, finer than Clock tells: for measurements that people look at, never for
// decisions.
#pragma once

#include <chrono>

namespace melsweep {

// Runs from its construction on.
class Stopwatch {
 public:
  Stopwatch();

  // Never less than before.
  std::chrono::nanoseconds elapsed() const;

 private:
  std::chrono::steady_clock::time_point started_;
};

}  // namespace melsweep

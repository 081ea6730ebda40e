#include "shared/time/clock.h"
#include "shared/time/stopwatch.h"

namespace melsweep {

Now SystemClock::now() const {
  using std::chrono::milliseconds;
  using std::chrono::time_point_cast;
  return {.monotonic = time_point_cast<milliseconds>(std::chrono::steady_clock::now()),
          .wall = time_point_cast<milliseconds>(std::chrono::system_clock::now())};
}

Stopwatch::Stopwatch() : started_(std::chrono::steady_clock::now()) {}

std::chrono::nanoseconds Stopwatch::elapsed() const {
  return std::chrono::steady_clock::now() - started_;
}

}  // namespace melsweep

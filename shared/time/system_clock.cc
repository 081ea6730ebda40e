#include "shared/time/clock.h"

namespace melsweep {

Now SystemClock::now() const {
  using std::chrono::milliseconds;
  using std::chrono::time_point_cast;
  return {.monotonic = time_point_cast<milliseconds>(std::chrono::steady_clock::now()),
          .wall = time_point_cast<milliseconds>(std::chrono::system_clock::now())};
}

}  // namespace melsweep

// How many trials go out as one group: a stateless policy. A trainer runs the members of a group almost for
// the price of one, but a group is one worker's: no worker may stand idle for it, and none may be left with
// far more than the others.
#pragma once

#include <cstdint>

namespace melsweep::core {

// A family of trials at the moment when a worker is given some. Costs are in examples to learn from.
struct GroupQuestion {
  std::int64_t ready = 0;   // of what waits, all of it
  std::int64_t leased = 0;  // of what is left to do of that which others run
  // Workers that are there and to stay, the asking one among the idle: those that have nothing, and those
  // that do and will ask again.
  int idle = 1;
  int busy = 0;
};

// The group is filled to what comes nearest to this cost; it has one member at least. Each worker gets an
// even part of all that is left to do, and each idle one of what is ready.
std::int64_t fair_share(const GroupQuestion& question);

}  // namespace melsweep::core

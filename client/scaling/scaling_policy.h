// How many workers are wanted, and which of them go: stateless policies.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "client/scaling/fleet.h"
#include "shared/model/ids.h"
#include "shared/results/results.h"

namespace melsweep::scaling {

// What brings a fleet to the number that is wanted.
struct Change {
  int start = 0;
  std::vector<std::string> withdraw{};  // members
  std::vector<WorkerId> drain{};        // workers of members
  friend bool operator==(const Change&, const Change&) = default;
};

// Those that are told to leave already do not count. Too many: first those go that have not begun, then those
// that the coordinator does not know yet, then those that do nothing, then those that are least far with what
// they do. A worker that the coordinator knows is drained.
Change change_to(int wanted, const std::vector<Member>& members,
                 const std::vector<results::WorkerSummary>& workers);

// The members that are to stay, the number that `wanted` is held against.
int count_staying(const std::vector<Member>& members, const std::vector<results::WorkerSummary>& workers);

// What there is to do.
struct Demand {
  std::int64_t trials = 0;   // that have not ended, running ones included
  std::int64_t running = 0;  // of them
  int busy = 0;              // workers that run these
  double trial_s = 0.0;      // mean time of one attempt; 0: not known yet
  int unprepared = 0;        // sweeps whose data somebody has to look at, and whose trials are not known
};

struct Bounds {
  int least = 0;
  int most = 1;
  std::chrono::seconds finish_in{600};  // the time in which what there is to do should be done
};

struct Decision {
  int wanted = 0;
  std::string why;
};

// `staying`: workers there are, or that the engine was asked for. `idle`: how many of them have had nothing
// to do for long. More are wanted at once, fewer only where some are idle, and never fewer than are busy: so
// the number does not swing.
Decision decide(const Demand& demand, const Bounds& bounds, int staying, int idle);

}  // namespace melsweep::scaling

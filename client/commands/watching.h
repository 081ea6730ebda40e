// Following a sweep to its end.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "client/local/interrupt.h"
#include "shared/results/results.h"
#include "shared/time/clock.h"

namespace melsweep::commands {

// Nothing will change any more.
bool has_ended(SweepState state);

struct WatchOptions {
  // Called between looks; an error ends the watching with it, unless the sweep has ended by then. May be
  // empty.
  std::function<absl::Status()> between;
};

// Shows the sweep on standard error until it has ended: redrawn in place on a terminal, else a line whenever
// something changed (at most one in ten seconds unless a trial ended). Reads that fail as Unavailable are
// retried for a minute: a coordinator may be restarting. Cancelled: interrupted.
absl::StatusOr<results::SweepSummary> watch_sweep(results::Results& results, SweepId sweep,
                                                  const Clock& clock, local::InterruptWatch& interrupt,
                                                  const WatchOptions& options = {});

// "sweep 3 'grid' finished: 9 of 9 trials, ..." with the leaderboard on standard output and warnings on
// standard error. Returns the exit code: 0 when every trial finished, 2 when the sweep was cancelled, else 1.
int print_outcome(results::Results& results, const results::SweepSummary& sweep);

}  // namespace melsweep::commands

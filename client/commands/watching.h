// Following a sweep to its end.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "client/local/interrupt.h"
#include "shared/results/results.h"
#include "shared/time/clock.h"

namespace melsweep::commands {

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

// The same of several, in their order.
absl::StatusOr<std::vector<results::SweepSummary>> watch_sweeps(results::Results& results,
                                                                const std::vector<SweepId>& sweeps,
                                                                const Clock& clock,
                                                                local::InterruptWatch& interrupt,
                                                                const WatchOptions& options = {});

// The sweeps that were submitted together with this one, itself among them, in the order of their study.
absl::StatusOr<std::vector<SweepId>> submitted_with(results::Results& results,
                                                    const results::SweepSummary& sweep);

// "sweep 3 'grid' finished: 9 of 9 trials, ..." of each sweep, and warnings, on standard error; on standard
// output the leaderboard of the only one, or the winners of all. Returns the exit code: 0 when every trial
// finished, 2 when a sweep was cancelled, else 1.
int print_outcome(results::Results& results, const std::vector<results::SweepSummary>& sweeps);

}  // namespace melsweep::commands

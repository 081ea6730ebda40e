// The time of runs, added up so that what ran side by side counts once.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/results/sweep_story.h"

namespace melsweep::report {

using Runs = std::vector<const results::StoryRun*>;

// Those that were run and not taken over.
Runs own_runs(const results::SweepStory& sweep);
Runs own_runs(const results::Story& story);

double in_seconds(std::int64_t milliseconds);

// Of each worker the time in which it had any of these, summed over the workers; seconds.
double worker_time_s(const Runs& runs);

}  // namespace melsweep::report

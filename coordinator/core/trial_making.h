// The trials of a prepared sweep come into being, some at a time: a hundred thousand at once would keep every
// heartbeat waiting for seconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// The folds that the sweep's trials validate on; {0} without cross-validation, and where the test part is
// evaluated.
std::vector<int> folds_of(const SweepSpec& spec, const DatasetReport& report);

// How many trials the sweep will have with so many folds: its cells times its seeds times these; the largest
// int64 where that does not fit.
std::int64_t planned_trials(const SweepSpec& spec, std::size_t folds);

// The sweep runs and has not got all its trials yet.
bool lacks_trials(const SweepEntry& sweep);

// The sweep was prepared just now, or the coordinator has started again: its trials are made from now on, by
// make_more_trials. SweepEntry::folds must be known.
void plan_trials(State& state, SweepEntry& sweep);

// Makes up to Options::trials_at_once of a sweep that lacks trials. A trial that is known to end in a certain
// way has ended, the others wait for a worker. With its last trial the sweep may be over.
void make_more_trials(State& state, SweepEntry& sweep, const Now& now, Outbox& outbox);

}  // namespace melsweep::core

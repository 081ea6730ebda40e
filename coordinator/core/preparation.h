// From what a worker found of a sweep's data to its trials.
#pragma once

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// How many trials the sweep will have at least: its cells times its seeds; the largest int64 where that does
// not fit. Cross-validation multiplies it by the folds, which the data set says.
std::int64_t least_trials(const SweepSpec& spec);

// The preparation must be running. Its sweep has its trials and runs, or has failed where the report cannot
// be used.
void finish_preparation(State& state, SweepEntry& sweep, const DatasetReport& report, const Now& now,
                        Outbox& outbox);

}  // namespace melsweep::core

// What is kept in memory of a sweep that has ended.
#pragma once

#include "coordinator/store/store.h"

namespace melsweep::store {

// The record as a Snapshot has it once the sweep has ended: see there.
SweepRecord outline_of(SweepRecord sweep);

}  // namespace melsweep::store

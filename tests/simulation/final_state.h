// What must be in the database once everything has healed and every sweep has ended.
#pragma once

#include "tests/simulation/disk.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/violations.h"
#include "tests/simulation/workload.h"

namespace melsweep::simulation {

// Whether every durable sweep has ended, and there is one for each that was acknowledged.
bool all_ended(const core::State& state, const Ledger& ledger);

// Every trial of a sweep that was not cancelled has one end: a finished one has exactly one finished attempt
// with complete metrics, equal to what it deterministically gives; poison and bad luck failed after exactly
// max_attempts that count; what cannot work failed at once. Drains do not count.
void check_final_state(Disk& disk, const Workload& workload, const Ledger& ledger, Violations& violations);

}  // namespace melsweep::simulation

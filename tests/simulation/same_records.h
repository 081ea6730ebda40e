// What of the coordinator's state a restart must bring back: all that is written.
#pragma once

#include <optional>
#include <string>

#include "coordinator/core/state.h"

namespace melsweep::simulation {

// The first thing that differs, in words.
std::optional<std::string> difference_of_records(const core::State& known, const core::State& restored);

}  // namespace melsweep::simulation

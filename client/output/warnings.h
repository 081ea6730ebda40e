// What sweeps warn of.
#pragma once

#include <string>
#include <vector>

#include "shared/results/results.h"

namespace melsweep::output {

// "warning: sweeps 3, 2: ...", printable: what several sweeps say in the same words once, in their order.
std::vector<std::string> warning_lines(const std::vector<results::SweepSummary>& sweeps);

}  // namespace melsweep::output

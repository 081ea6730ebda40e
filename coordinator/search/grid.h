// Every cell of the grid once, in order: the last axis varies fastest.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/search/search.h"

namespace melsweep::search {

std::vector<Cell> propose_from_grid(const SearchView& view, std::int64_t limit);

// The largest int64 where the number of cells does not fit.
std::int64_t cells_of_grid(const SweepSpec& sweep);

}  // namespace melsweep::search

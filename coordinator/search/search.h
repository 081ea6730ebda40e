// Which cells of a sweep's space are tried. A policy is a stateless function: what has been tried goes in,
// what to try next comes out.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/model/sweep.h"

namespace melsweep::search {

// What a policy sees of a sweep.
struct SearchView {
  const SweepSpec& sweep;
  std::int64_t proposed = 0;  // cells proposed so far: those with an index below it
};

// The next cells to try, at most `limit` of them, in order of index; none when the policy wants no more.
std::vector<Cell> propose(const SearchView& view, std::int64_t limit);

// How many cells the policy proposes in all; the largest int64 where the number does not fit.
std::int64_t proposals_in_all(const SweepSpec& sweep);

}  // namespace melsweep::search

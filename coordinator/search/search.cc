#include "coordinator/search/search.h"

#include <cassert>

#include "coordinator/search/grid.h"

namespace melsweep::search {

std::vector<Cell> propose(const SearchView& view, std::int64_t limit) {
  switch (view.sweep.search) {
    case SearchMethod::kGrid:
      return propose_from_grid(view, limit);
  }
  assert(false && "a search method without a policy");
  return {};
}

std::int64_t proposals_in_all(const SweepSpec& sweep) {
  switch (sweep.search) {
    case SearchMethod::kGrid:
      return cells_of_grid(sweep);
  }
  assert(false && "a search method without a policy");
  return 0;
}

}  // namespace melsweep::search

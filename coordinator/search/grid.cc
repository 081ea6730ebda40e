#include "coordinator/search/grid.h"

#include <algorithm>
#include <limits>

#include "shared/spec/cells.h"

namespace melsweep::search {

std::int64_t cells_of_grid(const SweepSpec& sweep) {
  std::int64_t cells = 1;
  for (const ParameterAxis& axis : sweep.parameters) {
    if (__builtin_mul_overflow(cells, static_cast<std::int64_t>(axis.values.size()), &cells)) {
      return std::numeric_limits<std::int64_t>::max();
    }
  }
  return cells;
}

std::vector<Cell> propose_from_grid(const SearchView& view, std::int64_t limit) {
  const std::int64_t left = std::max<std::int64_t>(cells_of_grid(view.sweep) - view.proposed, 0);
  const std::int64_t count = std::min(left, std::max<std::int64_t>(limit, 0));
  std::vector<Cell> cells;
  cells.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) cells.push_back(spec::grid_cell(view.sweep, view.proposed + i));
  return cells;
}

}  // namespace melsweep::search

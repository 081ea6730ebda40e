// The search space written out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/sweep.h"

namespace melsweep::spec {

// The number of cells of the grid: the product of the axes' lengths, 1 without axes,
// the largest number where it does not fit.
std::int64_t grid_size(const SweepSpec& sweep);

// The cell with this index in [0, grid_size): the last axis varies fastest. The sweep must be one that
// parse_study accepted. training.evaluate_every is at most training.steps, and settings of variants that the
// cell's augmentation does not have are as by default.
Cell grid_cell(const SweepSpec& sweep, std::int64_t index);

// Every model.weights that some cell has, without repeats.
std::vector<std::string> weights_named(const SweepSpec& sweep);

}  // namespace melsweep::spec

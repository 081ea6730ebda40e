// Whether every cell of the search space is possible by itself.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "shared/model/sweep.h"
#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

inline constexpr std::int64_t kMaxTrials = 100'000;  // cells times seeds

// Adds a problem where the grid is too large; else for each impossible combination of fields, at the value to
// blame: gaps between frames, frequencies above half the sample rate, mel bands without an FFT bin, a
// precision that the layers that learn do not have, more steps of warm-up than steps, and masks without a
// size. What depends on fields that are still to be taken from other sweeps is not looked at.
void check_cells(const Node& root, const SweepSpec& sweep, ProblemList& problems);

// The same of a sweep that is not written anywhere: InvalidArgument says what is impossible.
absl::Status check_cells(const SweepSpec& sweep);

}  // namespace melsweep::spec

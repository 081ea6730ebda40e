// The parts of the format that this version does not carry out yet.
#pragma once

#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// Refuses, each at its place: search methods other than grid, early stopping, and ranges of parameters.
// Nothing of the format is ever silently ignored.
void refuse_not_built(const Node& root, ProblemList& problems);

}  // namespace melsweep::spec

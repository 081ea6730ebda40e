// What trials learn from and are evaluated on, and what that allows.
#pragma once

#include "shared/model/sweep.h"
#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// Whether the split sets clips aside for the test.
bool has_test_part(const SplitSpec& split);

// Adds a problem where the sweep would choose by the test part, where it has none to evaluate on, and where
// it would measure what it learns from.
void check_evaluation(const Node& root, const SweepSpec& sweep, ProblemList& problems);

}  // namespace melsweep::spec

// Whether the split of the data set makes sense by itself.
#pragma once

#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// Refuses a fraction where folds go and the other way round, so that what the schema says of the other kind's
// range is not said: to be called before check_schema.
void check_split_kinds(const Node& root, ProblemList& problems);

// Refuses what contradicts `by`, a missing validation part, folds in two parts or twice in one, and fractions
// that leave nothing to train on.
void check_split(const Node& root, ProblemList& problems);

}  // namespace melsweep::spec

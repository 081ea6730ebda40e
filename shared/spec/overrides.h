// Replacing values of a sweep's tree before it is checked.
#pragma once

#include "shared/spec/problem_list.h"
#include "shared/spec/sweep_yaml.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// "--set training.steps=100"
std::string to_text(const Override& override);

// Sets the value at override.path, making the maps on the way. What follows "parameters." is one key, and
// replaces the parameter of the same field under its other name. "study.NAME." leads into that sweep of a
// study; any other path is into what its sweeps share. `source` names the override in problems.
void apply(const Override& override, int source, Node& root, ProblemList& problems);

}  // namespace melsweep::spec

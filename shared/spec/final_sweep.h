// `final`: the winner trained once more, and evaluated on the test part.
#pragma once

#include "shared/model/sweep.h"
#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// The sweep "<name>-final" that `item` asks for under `final`: one trial with all that `sweep`'s winner has.
// `sweep` is that of the item. Adds a problem where it cannot be.
SweepSpec final_of(const Node& item, const SweepSpec& sweep, ProblemList& problems);

}  // namespace melsweep::spec

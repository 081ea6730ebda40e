// A sweep's tree held against sweep.schema.json.
#pragma once

#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// valijson decides whether the tree is valid; what to say about each wrong place is worked out from the
// schema.
void check_schema(const Node& root, ProblemList& problems);

}  // namespace melsweep::spec

// A study's items as sweeps of their own.
#pragma once

#include <string_view>

#include "shared/spec/tree.h"

namespace melsweep::spec {

// The tree of one of the study's sweeps as if it had been written alone: the keys that the study's sweeps
// share, and laid over them, key by key, the item's own. What the item gives or sweeps takes the place of
// what the shared keys say of the same field, whichever way they say it. What has a meaning as a whole only
// is laid over as a whole: dataset.split, search, objective, early_stopping and a parameter's values. `from`
// and `final` stay out. Everything keeps the place where it was written.
Node lay_over(const Node& study, const Node& item);

// Leaves the field (a full dotted path) out of the tree, whether it is given there or swept.
void drop_field(Node& tree, std::string_view path);

}  // namespace melsweep::spec

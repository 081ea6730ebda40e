// What can be said of a write without looking at what is stored already. Both stores ask this first, so that
// they refuse the same writes.
#pragma once

#include "absl/status/status.h"
#include "coordinator/store/store.h"

namespace melsweep::store {

// InvalidArgument: an id that is not set, a number that no database can hold, a class index outside the
// classes, or the same clip or parameter twice.
absl::Status check_write(const Write& write);

}  // namespace melsweep::store

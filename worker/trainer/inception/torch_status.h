// Where libtorch's exceptions end.
#pragma once

#include <functional>

#include "absl/status/status.h"

namespace melsweep::inception {

// Runs `work`; ResourceExhausted where memory of the host or the device runs out, Internal for every other
// exception.
absl::Status catch_torch(const std::function<void()>& work);

}  // namespace melsweep::inception

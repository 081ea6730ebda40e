// What is said while a coordinator that answered before does not.
#pragma once

#include <string>

#include "shared/wire/retry.h"

namespace melsweep::commands {

// Sleeps, and says once on standard error that `target` is asked again.
wire::Sleeper sleep_and_say_so(const std::string& target);

}  // namespace melsweep::commands

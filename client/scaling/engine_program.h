// An engine's own program, run for what it prints.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace melsweep::scaling {

// The lines that `program`, looked for on PATH, prints. NotFound: there is none. Unavailable: it did not end
// with 0; it has said why on standard error.
absl::StatusOr<std::vector<std::string>> ask_program(const std::string& program,
                                                     const std::vector<std::string>& arguments);

}  // namespace melsweep::scaling

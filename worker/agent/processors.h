// The logical processors that this process, and every one that it starts, may use.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace melsweep::agent {

// "0-3,8" as numbers in rising order. InvalidArgument says what would be right.
absl::StatusOr<std::vector<int>> parse_processor_list(std::string_view text);

// How many this process may use.
int usable_processors();

// From now on only these; to be called before any thread is started. InvalidArgument: this machine, or the
// group that the process was started in, has none of them.
absl::Status use_processors(const std::vector<int>& processors);

}  // namespace melsweep::agent

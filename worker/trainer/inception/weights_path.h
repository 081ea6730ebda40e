// Where a weights file is found on this machine.
#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::inception {

// The word that asks for untrained weights instead of a file.
inline constexpr std::string_view kRandomWeights = "random";

// `name` as given (relative to the working directory), else below files::default_weights_dir() when it is
// relative. NotFound says where it looked and how to get weights. kRandomWeights is no file: callers ask for
// it first.
absl::StatusOr<std::filesystem::path> resolve_weights(std::string_view name);

}  // namespace melsweep::inception

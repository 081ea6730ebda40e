// What a system call that failed says, as a status.
#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/status.h"

namespace melsweep::files {

// "<action> <path>: <errno's text>", to be called at once. A full disk is Unavailable: it is no lack of
// memory, which kResourceExhausted stands for, and once there is room the same works.
absl::Status system_error(std::string_view action, const std::filesystem::path& path);

}  // namespace melsweep::files

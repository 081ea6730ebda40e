// The sounds that somebody names.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "absl/status/status.h"

namespace melsweep::models {

struct SoundList {
  std::vector<std::filesystem::path> files;
  std::vector<absl::Status> failures;  // of what was named and cannot be listed, with its path
};

// Files as they are, whatever they are called. Of folders, and the folders in them, what is sound by its name
// and not hidden, in order of path; one without any is a failure. Links to folders are not followed.
SoundList list_sounds(std::span<const std::filesystem::path> named);

}  // namespace melsweep::models

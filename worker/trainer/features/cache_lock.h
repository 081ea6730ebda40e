// The right to build in a cache folder: one process (and one object in it) at a time.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "shared/files/descriptor.h"

namespace melsweep::features {

// flock on <folder>/lock: the system lets go of it when the holder dies. Released when destroyed.
class CacheLock {
 public:
  // Makes the folder. Nothing while somebody else holds the lock; an error, with the path, where the folder
  // cannot be made or written.
  static absl::StatusOr<std::optional<CacheLock>> try_acquire(const std::filesystem::path& folder);

 private:
  explicit CacheLock(files::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  files::Descriptor descriptor_;
};

}  // namespace melsweep::features

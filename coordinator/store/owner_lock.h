// One coordinator for one database.
#pragma once

#include <filesystem>
#include <utility>

#include "absl/status/statusor.h"
#include "shared/files/descriptor.h"

namespace melsweep::store {

// An exclusive lock on the file `<database>.lock`, which holds the owner's process id while it is held. The
// kernel frees it when the process ends, however it ends. The file itself stays: removing it would let two
// processes each lock a file of that name.
class OwnerLock {
 public:
  // Unavailable, naming the owner, when another process (or this one) has it.
  static absl::StatusOr<OwnerLock> acquire(const std::filesystem::path& database);

 private:
  explicit OwnerLock(files::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  files::Descriptor descriptor_;
};

}  // namespace melsweep::store

// One coordinator for one database.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"

namespace melsweep::store {

// An exclusive lock on the file `<database>.lock`, which holds the owner's process id while it is held. The
// kernel frees it when the process ends, however it ends. The file itself stays: removing it would let two
// processes each lock a file of that name.
class OwnerLock {
 public:
  // Unavailable, naming the owner, when another process (or this one) has it.
  static absl::StatusOr<OwnerLock> acquire(const std::filesystem::path& database);

  OwnerLock(OwnerLock&& other) noexcept;
  OwnerLock& operator=(OwnerLock&&) = delete;
  ~OwnerLock();

 private:
  explicit OwnerLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace melsweep::store

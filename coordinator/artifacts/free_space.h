// Room on the file system of the artifact folder, and for whom it is kept.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/folder.h"

namespace melsweep::artifacts {

// Of a file system, in bytes.
struct Space {
  std::int64_t available = 0;
  std::int64_t total = 0;
};

using SpaceProbe = std::function<absl::StatusOr<Space>(const files::Folder&)>;

// As the system says it.
absl::StatusOr<Space> space_of(const files::Folder& folder);

// What is left alone, for the database above all: 1 GiB, or 5 % of a small file system.
std::int64_t reserve_of(const Space& space);

// Thread-safe.
class FreeSpace {
 public:
  // The folder must outlive this.
  FreeSpace(const files::Folder& folder, SpaceProbe probe);

  // Keeps room for a file until it is given back or shown to be used. ResourceExhausted: there would be less
  // than the reserve left.
  absl::Status promise(std::int64_t bytes);

  // So much of what was promised is written, or will not be.
  void redeem(std::int64_t bytes);

 private:
  const files::Folder& folder_;
  SpaceProbe probe_;
  std::mutex mutex_;
  std::int64_t promised_ = 0;  // guarded by mutex_; and not written yet
};

}  // namespace melsweep::artifacts

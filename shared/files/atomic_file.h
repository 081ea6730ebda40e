// Files that are whole or absent: written beside their place, synced, then renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/access.h"
#include "shared/files/part_file.h"

namespace melsweep::files {

// A file being written. Destroyed before commit(), it leaves nothing behind; what a killed process left is
// removed when its target is next written on the same machine. Not thread-safe.
class AtomicFile {
 public:
  // Makes the folder when it is missing. The errors name the path and the system's reason.
  static absl::StatusOr<AtomicFile> create(const std::filesystem::path& target,
                                           Access access = Access::kEveryone);

  absl::Status append(std::span<const std::byte> bytes);
  absl::Status append(std::string_view text);

  // fsync, rename onto the target, fsync of the folder. After an error nothing is at the target but what was
  // there.
  absl::Status commit();

 private:
  AtomicFile(PartFile part, std::string name);

  PartFile part_;
  std::string name_;
};

// The whole content at once.
absl::Status write_atomically(const std::filesystem::path& target, std::string_view content,
                              Access access = Access::kEveryone);

// The whole content; InvalidArgument where it is longer than max_bytes, NotFound where there is no such file.
absl::StatusOr<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace melsweep::files

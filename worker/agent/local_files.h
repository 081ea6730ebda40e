// Files of this machine that come from the coordinator or go there. Their errors are about this machine, so
// none of them reads like one of the coordinator's: Internal, but for what may be tried again and for
// DataLoss.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/artifacts/content.h"
#include "shared/files/atomic_file.h"
#include "shared/files/input_file.h"

namespace melsweep::agent {

// The same, as an error of this machine.
absl::Status local_error(const absl::Status& status);

absl::StatusOr<files::InputFile> open_local_file(const std::filesystem::path& path);

// A file that takes its place once it is what was expected; until then what is there stays. Not thread-safe.
class CheckedCopy {
 public:
  // Makes the folder when it is missing.
  static absl::StatusOr<CheckedCopy> create(const std::filesystem::path& to,
                                            artifacts::ArtifactContent expected);

  absl::Status append(std::span<const std::byte> piece);

  // Call once.
  absl::Status commit();

 private:
  CheckedCopy(files::AtomicFile file, artifacts::ArtifactContent expected);

  files::AtomicFile file_;
  artifacts::ContentCheck check_;
};

}  // namespace melsweep::agent

// A file on its way into an artifact folder.
#pragma once

#include <cstddef>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/artifacts/content.h"
#include "shared/files/folder.h"
#include "shared/files/part_file.h"
#include "shared/model/artifact.h"

namespace melsweep::artifacts {

// It is written in the folder's `incoming` and takes its place once it is whole. Destroyed before, it leaves
// nothing behind; what a killed process left there goes when a coordinator next opens the folder. Not
// thread-safe.
class ArtifactWriter {
 public:
  // `root` is the artifact folder and must outlive this. The errors name the path and the system's reason.
  static absl::StatusOr<ArtifactWriter> create(const files::Folder& root, const ArtifactName& name,
                                               ArtifactContent content);

  // DataLoss: that is more than was expected.
  absl::Status append(std::span<const std::byte> piece);

  // OK: it is at its place, durably, in place of what was there. DataLoss: it is not what was expected;
  // Unavailable: somebody removed it meanwhile, or the disk is full. Call once.
  absl::Status commit();

 private:
  ArtifactWriter(const files::Folder& root, const ArtifactName& name, ArtifactContent content,
                 files::PartFile part);

  const files::Folder* root_;
  ArtifactName name_;
  ContentCheck check_;
  files::PartFile part_;
};

}  // namespace melsweep::artifacts

// A file that a worker is sending.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/artifacts/free_space.h"
#include "shared/artifacts/artifact_writer.h"
#include "shared/artifacts/content.h"
#include "shared/files/folder.h"
#include "shared/model/artifact.h"

namespace melsweep::artifacts {

// As ArtifactWriter, with the room for it kept. Not thread-safe.
class Upload {
 public:
  // `root` and `space` must outlive this. ResourceExhausted: there is no room.
  static absl::StatusOr<Upload> create(const files::Folder& root, FreeSpace& space, const ArtifactName& name,
                                       const ArtifactContent& content);

  Upload(Upload&& other) noexcept;
  Upload& operator=(Upload&&) = delete;
  ~Upload();

  absl::Status append(std::span<const std::byte> piece);
  absl::Status commit() { return writer_.commit(); }

 private:
  Upload(FreeSpace& space, std::int64_t bytes, ArtifactWriter writer);

  FreeSpace& space_;
  std::int64_t promised_;  // to this and not written yet
  ArtifactWriter writer_;
};

}  // namespace melsweep::artifacts

#include "coordinator/artifacts/upload.h"

#include <utility>

namespace melsweep::artifacts {

absl::StatusOr<Upload> Upload::create(const files::Folder& root, FreeSpace& space, const ArtifactName& name,
                                      const ArtifactContent& content) {
  if (absl::Status status = space.promise(content.bytes); !status.ok()) return status;
  auto writer = ArtifactWriter::create(root, name, content);
  if (writer.ok()) return Upload(space, content.bytes, *std::move(writer));
  space.redeem(content.bytes);
  return writer.status();
}

Upload::Upload(FreeSpace& space, std::int64_t bytes, ArtifactWriter writer)
    : space_(space), promised_(bytes), writer_(std::move(writer)) {}

Upload::Upload(Upload&& other) noexcept
    : space_(other.space_), promised_(std::exchange(other.promised_, 0)), writer_(std::move(other.writer_)) {}

Upload::~Upload() {
  space_.redeem(promised_);
}

absl::Status Upload::append(std::span<const std::byte> piece) {
  if (absl::Status status = writer_.append(piece); !status.ok()) return status;
  const auto written = static_cast<std::int64_t>(piece.size());
  promised_ -= written;
  space_.redeem(written);
  return absl::OkStatus();
}

}  // namespace melsweep::artifacts

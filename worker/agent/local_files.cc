#include "worker/agent/local_files.h"

#include <utility>

#include "shared/wire/retry.h"

namespace melsweep::agent {

absl::Status local_error(const absl::Status& status) {
  if (status.ok() || wire::is_retryable(status.code()) || absl::IsDataLoss(status)) return status;
  return absl::InternalError(status.message());
}

absl::StatusOr<files::InputFile> open_local_file(const std::filesystem::path& path) {
  auto file = files::InputFile::open(path);
  if (!file.ok()) return local_error(file.status());
  return file;
}

absl::StatusOr<CheckedCopy> CheckedCopy::create(const std::filesystem::path& to,
                                                artifacts::ArtifactContent expected) {
  auto file = files::AtomicFile::create(to);
  if (!file.ok()) return local_error(file.status());
  return CheckedCopy(*std::move(file), std::move(expected));
}

CheckedCopy::CheckedCopy(files::AtomicFile file, artifacts::ArtifactContent expected)
    : file_(std::move(file)), check_(std::move(expected)) {}

absl::Status CheckedCopy::append(std::span<const std::byte> piece) {
  if (absl::Status status = check_.add(piece); !status.ok()) return status;
  return local_error(file_.append(piece));
}

absl::Status CheckedCopy::commit() {
  if (absl::Status status = check_.finish(); !status.ok()) return status;
  return local_error(file_.commit());
}

}  // namespace melsweep::agent

#include "shared/artifacts/stored.h"

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "shared/artifacts/layout.h"

namespace melsweep::artifacts {
namespace {

constexpr std::int64_t kMaxStoreIdBytes = 256;

absl::StatusOr<files::Folder> folder_of(const files::Folder& root, const ArtifactName& name) {
  auto folder = root.folder(sweep_folder(name.sweep));
  if (folder.ok()) folder = folder->folder(trial_folder(name.attempt.trial));
  if (folder.ok()) folder = folder->folder(attempt_folder(name.attempt.epoch));
  return folder;
}

}  // namespace

absl::StatusOr<StoreId> read_store_id(const files::Folder& root) {
  auto file = root.read_file(kStoreIdFile);
  if (!file.ok()) return file.status();
  const std::string path = (root.path() / kStoreIdFile).string();
  if (file->bytes() > kMaxStoreIdBytes) return absl::DataLossError(absl::StrCat(path, " is no store id"));
  std::string text;
  const absl::Status status = file->read([&](std::span<const std::byte> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  absl::StripAsciiWhitespace(&text);
  if (text.empty()) return absl::DataLossError(absl::StrCat(path, " is empty"));
  return StoreId{std::move(text)};
}

absl::StatusOr<files::InputFile> read_artifact(const files::Folder& root, const ArtifactName& name) {
  const auto folder = folder_of(root, name);
  if (!folder.ok()) return folder.status();
  return folder->read_file(file_name(name.step, name.kind));
}

absl::StatusOr<bool> has_artifact(const files::Folder& root, const ArtifactName& name,
                                  const ArtifactContent& content) {
  auto file = read_artifact(root, name);
  if (absl::IsNotFound(file.status())) return false;
  if (!file.ok()) return file.status();
  if (file->bytes() != content.bytes) return false;
  ContentCheck check(content);
  absl::Status status = file->read([&](std::span<const std::byte> piece) { return check.add(piece); });
  if (status.ok()) status = check.finish();
  if (absl::IsDataLoss(status)) return false;
  if (!status.ok()) return status;
  // Whoever put it there may have died before it did this.
  const auto folder = folder_of(root, name);
  status = folder.ok() ? folder->sync() : folder.status();
  if (!status.ok()) return status;
  return true;
}

}  // namespace melsweep::artifacts

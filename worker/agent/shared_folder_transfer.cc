#include "worker/agent/shared_folder_transfer.h"

#include <cstddef>
#include <span>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "shared/artifacts/artifact_writer.h"
#include "shared/artifacts/layout.h"
#include "shared/artifacts/stored.h"
#include "shared/files/folder.h"
#include "worker/agent/local_files.h"

namespace melsweep::agent {
namespace {

absl::Status not_there(const std::filesystem::path& root) {
  return absl::UnavailableError(
      absl::StrCat(root.string(), " has no ", artifacts::kStoreIdFile,
                   ": it is not the coordinator's artifact folder, or that is not mounted there now"));
}

// The folder, where it is the database's.
absl::StatusOr<files::Folder> open_folder(const std::filesystem::path& path, const StoreId& database) {
  auto root = files::Folder::open(path);
  if (absl::IsNotFound(root.status())) return not_there(path);
  if (!root.ok()) return local_error(root.status());
  const auto owner = artifacts::read_store_id(*root);
  if (absl::IsNotFound(owner.status())) return not_there(path);
  if (!owner.ok()) return local_error(owner.status());
  if (*owner == database) return root;
  return absl::InvalidArgumentError(absl::StrCat(
      path.string(), " holds the checkpoints of another database (", owner->value, ", not ", database.value,
      "): --shared-artifacts must name the folder that this coordinator has as --artifacts"));
}

// `append` of everything in the file.
template <class Append>
absl::Status copy(files::InputFile& from, const std::stop_token& stop, Append append) {
  return local_error(from.read([&](std::span<const std::byte> piece) -> absl::Status {
    if (stop.stop_requested()) return absl::CancelledError("the copy was cancelled");
    return append(piece);
  }));
}

}  // namespace

SharedFolderTransfer::SharedFolderTransfer(std::filesystem::path root, std::function<void(Event)> post)
    : root_(std::move(root)), post_(std::move(post)) {}

void SharedFolderTransfer::store(const StoreId& database, const ArtifactName& name, const LocalFile& file) {
  storing_ = std::jthread([this, database, name, file](const std::stop_token& stop) {
    post_(ArtifactStored{copy_in(database, name, file, stop)});
  });
}

void SharedFolderTransfer::fetch(const StoreId& database, const ArtifactName& name, const std::string& sha256,
                                 const std::filesystem::path& to) {
  fetching_ = std::jthread([this, database, name, sha256, to](const std::stop_token& stop) {
    post_(ArtifactFetched{copy_out(database, name, sha256, to, stop)});
  });
}

void SharedFolderTransfer::cancel() {
  storing_.request_stop();
  fetching_.request_stop();
}

absl::Status SharedFolderTransfer::copy_in(const StoreId& database, const ArtifactName& name,
                                           const LocalFile& local, const std::stop_token& stop) const {
  const auto root = open_folder(root_, database);
  if (!root.ok()) return root.status();
  auto file = open_local_file(local.path);
  if (!file.ok()) return file.status();
  const artifacts::ArtifactContent content{file->bytes(), local.sha256};
  const auto is_there = artifacts::has_artifact(*root, name, content);
  if (!is_there.ok()) return local_error(is_there.status());
  if (*is_there) return absl::OkStatus();
  auto writer = artifacts::ArtifactWriter::create(*root, name, content);
  if (!writer.ok()) return local_error(writer.status());
  absl::Status status = copy(*file, stop, [&](auto piece) { return writer->append(piece); });
  if (!status.ok()) return status;
  return local_error(writer->commit());
}

absl::Status SharedFolderTransfer::copy_out(const StoreId& database, const ArtifactName& name,
                                            const std::string& sha256, const std::filesystem::path& to,
                                            const std::stop_token& stop) const {
  const auto root = open_folder(root_, database);
  if (!root.ok()) return root.status();
  auto file = artifacts::read_artifact(*root, name);
  if (absl::IsNotFound(file.status())) return file.status();
  if (!file.ok()) return local_error(file.status());
  auto copied = CheckedCopy::create(to, {file->bytes(), sha256});
  if (!copied.ok()) return copied.status();
  absl::Status status = copy(*file, stop, [&](auto piece) { return copied->append(piece); });
  if (!status.ok()) return status;
  return copied->commit();
}

}  // namespace melsweep::agent

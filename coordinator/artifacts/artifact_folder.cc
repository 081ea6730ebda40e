#include "coordinator/artifacts/artifact_folder.h"

#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/artifacts/pruning.h"
#include "shared/artifacts/layout.h"
#include "shared/artifacts/stored.h"
#include "shared/files/atomic_file.h"
#include "shared/files/system_error.h"

namespace melsweep::artifacts {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<files::Folder> make_root(const fs::path& root) {
  std::error_code error;
  if (root.has_parent_path()) fs::create_directories(root.parent_path(), error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot make folder ", root.parent_path().string(), ": ", error.message()));
  }
  if (::mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) {
    return files::system_error("cannot make folder", root);
  }
  return files::Folder::open(root);
}

// Until the folder is closed. Two coordinators, of a database and of its copy, would remove each other's
// files.
absl::Status lock(const files::Folder& root) {
  if (::flock(root.descriptor(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  // A file system without locks is no reason not to start: one coordinator is the rule.
  if (errno != EWOULDBLOCK) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(root.path().string(),
                   " belongs to another coordinator; stop it first, or choose another "
                   "folder with --artifacts"));
}

absl::Status check_is_unused(const files::Folder& root) {
  const auto names = root.names();
  if (!names.ok()) return names.status();
  const bool has_sweeps =
      std::any_of(names->begin(), names->end(), [](const auto& name) { return sweep_of_folder(name); });
  if (!has_sweeps) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("there are sweeps in ", root.path().string(), ", but no ", kStoreIdFile,
                   " that says of which database: choose another folder with --artifacts"));
}

// Marks the folder as the database's, which it must be if it is marked.
absl::Status claim(const files::Folder& root, const StoreId& store) {
  const auto owner = read_store_id(root);
  if (absl::IsNotFound(owner.status())) {
    if (absl::Status status = check_is_unused(root); !status.ok()) return status;
    return files::write_atomically(root.path() / kStoreIdFile, store.value + "\n");
  }
  if (!owner.ok()) return owner.status();
  if (*owner == store) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(root.path().string(), " holds the files of another database (", owner->value, ", not ",
                   store.value, "): choose another folder with --artifacts"));
}

absl::Status remove_half_written(const files::Folder& root) {
  const auto incoming = root.make_folder(kIncomingFolder);
  if (!incoming.ok()) return incoming.status();
  const auto names = incoming->names();
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (absl::Status status = incoming->remove_file(name); !status.ok())
      spdlog::warn("{}", status.ToString());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<ArtifactFolder>> ArtifactFolder::open(const fs::path& path,
                                                                     const StoreId& store, SpaceProbe probe) {
  auto root = make_root(path);
  if (!root.ok()) return root.status();
  absl::Status status = lock(*root);
  if (status.ok()) status = claim(*root, store);
  if (status.ok()) status = remove_half_written(*root);
  if (!status.ok()) return status;
  return std::unique_ptr<ArtifactFolder>(new ArtifactFolder(*std::move(root), std::move(probe)));
}

ArtifactFolder::ArtifactFolder(files::Folder root, SpaceProbe probe)
    : root_(std::move(root)), space_(root_, std::move(probe)) {}

absl::StatusOr<bool> ArtifactFolder::has(const ArtifactName& name, const ArtifactContent& content) const {
  return has_artifact(root_, name, content);
}

absl::StatusOr<Upload> ArtifactFolder::upload(const ArtifactName& name, const ArtifactContent& content) {
  return Upload::create(root_, space_, name, content);
}

absl::StatusOr<files::InputFile> ArtifactFolder::read(const ArtifactName& name) const {
  return read_artifact(root_, name);
}

void ArtifactFolder::remove(const ObsoleteFiles& files) {
  for (const ArtifactName& name : files.names) remove_artifact(root_, name);
  for (const Leftovers& leftovers : files.leftovers) remove_leftovers(root_, leftovers);
}

void ArtifactFolder::remove_unreferenced(const std::set<ArtifactName>& referenced,
                                         const std::set<AttemptRef>& running) {
  prune_all(root_, [&](const ArtifactName& name) {
    return referenced.contains(name) || running.contains(name.attempt);
  });
}

}  // namespace melsweep::artifacts

#include "shared/artifacts/artifact_writer.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/artifacts/layout.h"

namespace melsweep::artifacts {
namespace {

// How often a folder that somebody removes because it is empty is made anew.
constexpr int kMostTries = 10;

// Of this writing alone, whoever else writes at this moment on whatever machine.
std::string part_name(const ArtifactName& name) {
  std::string readable = path_of(name).string();
  std::replace(readable.begin(), readable.end(), '/', '.');
  std::random_device random;
  return absl::StrCat(readable, ".", absl::Hex(random(), absl::kZeroPad8),
                      absl::Hex(random(), absl::kZeroPad8), ".part");
}

absl::StatusOr<files::Folder> make_folder_of(const files::Folder& root, const ArtifactName& name) {
  auto folder = root.make_folder(sweep_folder(name.sweep));
  if (folder.ok()) folder = folder->make_folder(trial_folder(name.attempt.trial));
  if (folder.ok()) folder = folder->make_folder(attempt_folder(name.attempt.epoch));
  return folder;
}

}  // namespace

absl::StatusOr<ArtifactWriter> ArtifactWriter::create(const files::Folder& root, const ArtifactName& name,
                                                      ArtifactContent content) {
  auto incoming = root.make_folder(kIncomingFolder);
  if (!incoming.ok()) return incoming.status();
  auto part = files::PartFile::create(*std::move(incoming), part_name(name), files::Access::kEveryone);
  if (!part.ok()) return part.status();
  return ArtifactWriter(root, name, std::move(content), *std::move(part));
}

ArtifactWriter::ArtifactWriter(const files::Folder& root, const ArtifactName& name, ArtifactContent content,
                               files::PartFile part)
    : root_(&root), name_(name), check_(std::move(content)), part_(std::move(part)) {}

absl::Status ArtifactWriter::append(std::span<const std::byte> piece) {
  if (absl::Status status = check_.add(piece); !status.ok()) return status;
  return part_.append(piece);
}

absl::Status ArtifactWriter::commit() {
  absl::Status status = check_.finish();
  if (!status.ok()) return status;
  for (int i = 0; i < kMostTries; ++i) {
    const auto folder = make_folder_of(*root_, name_);
    status = folder.ok() ? part_.move_to(*folder, file_name(name_.step, name_.kind)) : folder.status();
    if (!absl::IsNotFound(status)) return status;
  }
  return absl::UnavailableError(absl::StrCat("it was removed while it was written: ", status.message()));
}

}  // namespace melsweep::artifacts

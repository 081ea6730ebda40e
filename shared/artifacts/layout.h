// Where things are in an artifact folder:
//
//   store-id                                     of the database whose files these are, and a newline
//   sweep-S/trial-T/attempt-E/step-N.safetensors        checkpoints
//   sweep-S/trial-T/attempt-E/step-N.misclassified.tar  ArtifactKind::kMisclassified
//   incoming/                                    what is being written
//
// Names are made of numbers alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "shared/model/artifact.h"
#include "shared/model/ids.h"

namespace melsweep::artifacts {

inline constexpr char kStoreIdFile[] = "store-id";
inline constexpr char kIncomingFolder[] = "incoming";

// The artifact folder of a database where nobody named another one.
std::filesystem::path folder_beside(std::filesystem::path database);

std::string sweep_folder(SweepId sweep);
std::string trial_folder(TrialId trial);
std::string attempt_folder(std::int32_t epoch);
std::string file_name(std::int64_t step, ArtifactKind kind = ArtifactKind::kCheckpoint);

// From the artifact folder.
std::filesystem::path path_of(const ArtifactName& name);

struct FileOfStep {
  std::int64_t step = 0;
  ArtifactKind kind = ArtifactKind::kCheckpoint;
  friend bool operator==(const FileOfStep&, const FileOfStep&) = default;
};

// What the functions above made these names of; nothing where they did not.
std::optional<SweepId> sweep_of_folder(std::string_view name);
std::optional<TrialId> trial_of_folder(std::string_view name);
std::optional<std::int32_t> epoch_of_folder(std::string_view name);
std::optional<FileOfStep> step_of_file(std::string_view name);

}  // namespace melsweep::artifacts

// What is in an artifact folder already. `root` is that folder; the errors name the path and the system's
// reason.
#pragma once

#include "absl/status/statusor.h"
#include "shared/artifacts/content.h"
#include "shared/files/folder.h"
#include "shared/files/input_file.h"
#include "shared/model/artifact.h"
#include "shared/model/ids.h"

namespace melsweep::artifacts {

// Whose folder it is. NotFound where it does not say, DataLoss where that cannot be read.
absl::StatusOr<StoreId> read_store_id(const files::Folder& root);

// NotFound where there is no such file.
absl::StatusOr<files::InputFile> read_artifact(const files::Folder& root, const ArtifactName& name);

// Whether the file is there, durably, with that content, which is read for it.
absl::StatusOr<bool> has_artifact(const files::Folder& root, const ArtifactName& name,
                                  const ArtifactContent& content);

}  // namespace melsweep::artifacts

// Removing files from an artifact folder, and the folders that are empty then. What is named otherwise than
// shared/artifacts/layout.h says is left alone, what is not there is well, and what cannot be removed is told
// to the log.
#pragma once

#include <functional>

#include "shared/files/folder.h"
#include "shared/model/artifact.h"

namespace melsweep::artifacts {

// Of a checkpoint: what belongs to it is kept or goes with it.
using Keeps = std::function<bool(const ArtifactName& checkpoint)>;

// With what belongs to it.
void remove_artifact(const files::Folder& root, const ArtifactName& checkpoint);

void remove_leftovers(const files::Folder& root, const Leftovers& leftovers);

// Every checkpoint that is not kept, and what belongs to such.
void prune_all(const files::Folder& root, const Keeps& keeps);

}  // namespace melsweep::artifacts

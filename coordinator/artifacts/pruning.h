// Removing files from an artifact folder, and the folders that are empty then. What is named otherwise than
// shared/artifacts/layout.h says is left alone, what is not there is well, and what cannot be removed is told
// to the log.
#pragma once

#include <functional>

#include "shared/files/folder.h"
#include "shared/model/artifact.h"
#include "shared/model/ids.h"

namespace melsweep::artifacts {

using Keeps = std::function<bool(const ArtifactName&)>;

void remove_artifact(const files::Folder& root, const ArtifactName& name);

// Every file, of the trial or at all, that is not kept.
void prune_trial(const files::Folder& root, SweepId sweep, TrialId trial, const Keeps& keeps);
void prune_all(const files::Folder& root, const Keeps& keeps);

}  // namespace melsweep::artifacts

// Where the coordinator keeps the files of attempts (shared/artifacts/layout.h says how).
#pragma once

#include <filesystem>
#include <memory>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/artifacts/free_space.h"
#include "coordinator/artifacts/upload.h"
#include "shared/artifacts/content.h"
#include "shared/files/folder.h"
#include "shared/files/input_file.h"
#include "shared/model/artifact.h"
#include "shared/model/ids.h"

namespace melsweep::artifacts {

// Links in it are never followed, so that nobody who may write in it (workers, where it is shared with them)
// leads the coordinator elsewhere. Every function waits for the disk. Thread-safe.
class ArtifactFolder {
 public:
  // Makes the folder when it is missing, for its owner alone, and removes what a killed process left half
  // written. FailedPrecondition: it is another database's, or there are sweeps in it and it does not say
  // whose; Unavailable: another coordinator has it; else the system's reason.
  static absl::StatusOr<std::unique_ptr<ArtifactFolder>> open(const std::filesystem::path& root,
                                                              const StoreId& store,
                                                              SpaceProbe probe = space_of);

  // Whether the very file is there, durably; it is read for that.
  absl::StatusOr<bool> has(const ArtifactName& name, const ArtifactContent& content) const;

  // For one file, which must not outlive this. ResourceExhausted: there is no room.
  absl::StatusOr<Upload> upload(const ArtifactName& name, const ArtifactContent& content);

  // NotFound where there is no such file.
  absl::StatusOr<files::InputFile> read(const ArtifactName& name) const;

  // All that follow: what is not there is well, and what cannot be removed stays and is told to the log.

  void remove(const ObsoleteFiles& files);

  // Every file but these and those of attempts that run. For the start, before anybody is served.
  void remove_unreferenced(const std::set<ArtifactName>& referenced, const std::set<AttemptRef>& running);

 private:
  ArtifactFolder(files::Folder root, SpaceProbe probe);

  files::Folder root_;
  FreeSpace space_;
};

}  // namespace melsweep::artifacts

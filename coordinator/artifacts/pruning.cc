#include "coordinator/artifacts/pruning.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/artifacts/layout.h"
#include "shared/model/ids.h"

namespace melsweep::artifacts {
namespace {

using files::Folder;

// Whether it is well: what is not there need not be removed.
bool is_well(const absl::Status& status) {
  if (status.ok() || absl::IsNotFound(status)) return true;
  spdlog::warn("a file that nobody needs stays: {}", std::string(status.message()));
  return false;
}

// Visits a folder in `in`, and removes it where the visit says that nothing is left. True: it is not there
// any more.
template <class Visit>
bool prune_folder(const Folder& in, const std::string& name, Visit visit) {
  const absl::StatusOr<Folder> folder = in.folder(name);
  if (!folder.ok()) return is_well(folder.status());
  if (!visit(*folder)) return false;
  // Somebody may have put a file there since.
  return in.remove_empty_folder(name).ok();
}

// `prune` of every name in the folder: true where nothing is left of them.
template <class Prune>
bool prune_names(const Folder& folder, Prune prune) {
  const auto names = folder.names();
  if (!names.ok()) return is_well(names.status());
  bool is_empty = true;
  for (const std::string& name : *names) {
    if (!prune(name)) is_empty = false;
  }
  return is_empty;
}

bool prune_attempt(const Folder& folder, SweepId sweep, const AttemptRef& attempt, const Keeps& keeps) {
  return prune_names(folder, [&](const std::string& name) {
    const auto file = step_of_file(name);
    if (!file || keeps({sweep, attempt, file->step})) return false;
    return is_well(folder.remove_file(name));
  });
}

bool prune_attempts(const Folder& folder, SweepId sweep, TrialId trial, const Keeps& keeps) {
  return prune_names(folder, [&](const std::string& name) {
    const auto epoch = epoch_of_folder(name);
    if (!epoch) return false;
    return prune_folder(folder, name, [&](const Folder& attempt) {
      return prune_attempt(attempt, sweep, {trial, *epoch}, keeps);
    });
  });
}

bool prune_trials(const Folder& folder, SweepId sweep, const Keeps& keeps) {
  return prune_names(folder, [&](const std::string& name) {
    const auto trial = trial_of_folder(name);
    if (!trial) return false;
    return prune_folder(
        folder, name, [&](const Folder& attempts) { return prune_attempts(attempts, sweep, *trial, keeps); });
  });
}

}  // namespace

void remove_artifact(const Folder& root, const ArtifactName& checkpoint) {
  prune_folder(root, sweep_folder(checkpoint.sweep), [&](const Folder& sweep) {
    return prune_folder(sweep, trial_folder(checkpoint.attempt.trial), [&](const Folder& trial) {
      return prune_folder(trial, attempt_folder(checkpoint.attempt.epoch), [&](const Folder& attempt) {
        bool is_gone = true;
        for (const ArtifactKind kind : {ArtifactKind::kMisclassified, ArtifactKind::kCheckpoint}) {
          if (!is_well(attempt.remove_file(file_name(checkpoint.step, kind)))) is_gone = false;
        }
        return is_gone;
      });
    });
  });
}

void remove_leftovers(const Folder& root, const Leftovers& leftovers) {
  const Keeps keeps = [&](const ArtifactName& name) {
    return name.attempt.epoch > leftovers.last.epoch || leftovers.kept.contains(name);
  };
  const TrialId trial = leftovers.last.trial;
  prune_folder(root, sweep_folder(leftovers.sweep), [&](const Folder& sweep) {
    return prune_folder(sweep, trial_folder(trial), [&](const Folder& attempts) {
      return prune_attempts(attempts, leftovers.sweep, trial, keeps);
    });
  });
}

void prune_all(const Folder& root, const Keeps& keeps) {
  prune_names(root, [&](const std::string& name) {
    const auto sweep = sweep_of_folder(name);
    if (!sweep) return false;
    return prune_folder(root, name,
                        [&](const Folder& trials) { return prune_trials(trials, *sweep, keeps); });
  });
}

}  // namespace melsweep::artifacts

#include "tests/simulation/artifacts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace melsweep::simulation {

std::string Trained::sha256() const {
  return absl::StrCat("trial ", trial.value, ", step ", step);
}

void WorkerFiles::discard(const std::filesystem::path& folder) {
  const std::string prefix = folder.string() + "/";
  auto file = files_.lower_bound(prefix);
  while (file != files_.end() && file->first.starts_with(prefix)) file = files_.erase(file);
}

std::optional<Trained> WorkerFiles::read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

std::optional<Trained> ArtifactFolder::read(const ArtifactName& name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

std::size_t ArtifactFolder::checkpoints() const {
  return static_cast<std::size_t>(std::count_if(files_.begin(), files_.end(), [](const auto& file) {
    return file.first.kind == ArtifactKind::kCheckpoint;
  }));
}

std::optional<ArtifactName> ArtifactFolder::misplaced(const std::set<ArtifactName>& models) const {
  for (const auto& [name, content] : files_) {
    if (!contains(checkpoint_of(name))) return name;
  }
  for (const ArtifactName& name : archives_stored_) {
    if (models.contains(checkpoint_of(name)) && !contains(name)) return name;
  }
  return std::nullopt;
}

void ArtifactFolder::remove(const ObsoleteFiles& files) {
  for (const ArtifactName& name : files.names) {
    std::erase_if(files_, [&](const auto& file) { return checkpoint_of(file.first) == name; });
  }
  for (const Leftovers& leftovers : files.leftovers) {
    const AttemptRef& last = leftovers.last;
    std::erase_if(files_, [&](const auto& file) {
      const AttemptRef& attempt = file.first.attempt;
      return attempt.trial == last.trial && attempt.epoch <= last.epoch &&
             !leftovers.kept.contains(checkpoint_of(file.first));
    });
  }
}

void ArtifactFolder::remove_unused(const core::ArtifactsInUse& in_use) {
  std::erase_if(files_, [&](const auto& file) {
    return !in_use.files.contains(checkpoint_of(file.first)) && !in_use.running.contains(file.first.attempt);
  });
}

}  // namespace melsweep::simulation

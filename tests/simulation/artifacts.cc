#include "tests/simulation/artifacts.h"

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

void ArtifactFolder::remove(const ObsoleteFiles& files) {
  for (const ArtifactName& name : files.names) files_.erase(name);
  for (const Leftovers& leftovers : files.leftovers) {
    const AttemptRef& last = leftovers.last;
    std::erase_if(files_, [&](const auto& file) {
      const AttemptRef& attempt = file.first.attempt;
      return attempt.trial == last.trial && attempt.epoch <= last.epoch &&
             !leftovers.kept.contains(file.first);
    });
  }
}

void ArtifactFolder::remove_unused(const core::ArtifactsInUse& in_use) {
  std::erase_if(files_, [&](const auto& file) {
    return !in_use.files.contains(file.first) && !in_use.running.contains(file.first.attempt);
  });
}

}  // namespace melsweep::simulation

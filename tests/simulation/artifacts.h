// Checkpoints as files, on the workers' disks and in the coordinator's artifact folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "coordinator/core/checkpoints.h"
#include "shared/model/artifact.h"
#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "tests/simulation/random.h"
#include "worker/agent/artifacts.h"

namespace melsweep::simulation {

// What a checkpoint holds.
struct Trained {
  TrialId trial;
  std::int64_t step = 0;

  std::string sha256() const;
};

// The disk of a worker's machine.
class WorkerFiles final : public agent::Artifacts {
 public:
  void discard(const std::filesystem::path& folder) override;

  void write(const std::string& path, const Trained& content) { files_[path] = content; }
  std::optional<Trained> read(const std::string& path) const;

 private:
  std::map<std::string, Trained> files_;
};

// The coordinator's folder. What is in it outlives processes; some of it is damaged when it is read.
class ArtifactFolder {
 public:
  explicit ArtifactFolder(Random random) : random_(random) {}

  void store(const ArtifactName& name, const Trained& content) {
    files_[name] = content;
    if (name.kind == ArtifactKind::kMisclassified) archives_stored_.insert(name);
  }
  std::optional<Trained> read(const ArtifactName& name) const;
  bool contains(const ArtifactName& name) const { return files_.contains(name); }
  // The first of those that belong to a checkpoint that is not there, or of what belonged to these, finished
  // trials' models, and is not.
  std::optional<ArtifactName> misplaced(const std::set<ArtifactName>& models) const;
  std::size_t checkpoints() const;

  void remove(const ObsoleteFiles& files);
  void remove_unused(const core::ArtifactsInUse& in_use);

  // Of the files that are read from now on.
  void set_damage(double probability) { damage_ = probability; }
  bool is_damaged() { return random_.chance(damage_); }

 private:
  std::map<ArtifactName, Trained> files_;
  std::set<ArtifactName> archives_stored_;  // ever
  double damage_ = 0.0;
  Random random_;
};

}  // namespace melsweep::simulation

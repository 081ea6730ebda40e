// The Artifacts that are real files.
#pragma once

#include <filesystem>

#include "worker/agent/artifacts.h"

namespace melsweep::agent {

// Touches nothing outside its own folder. The folders above an attempt's stay, empty or not: the trainer of
// another attempt may be making its own there at this moment.
class ArtifactsOnDisk final : public Artifacts {
 public:
  explicit ArtifactsOnDisk(std::filesystem::path root);

  // `folder` is absolute.
  void discard(const std::filesystem::path& folder) override;

 private:
  std::filesystem::path root_;  // absolute, without "." and ".."
};

}  // namespace melsweep::agent

// Renderings that were made before.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "worker/trainer/rendering/renderer.h"

namespace melsweep::rendering {

// Each has a file of its own, named by what it depends on: the clip's content, the kind and the settings.
// Several processes may use one folder, and whoever needs the room may empty it. Any thread.
class RenderCache {
 public:
  explicit RenderCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Nothing where it is not there or damaged.
  std::optional<Rendering> find(const RenderItem& item, const std::string& sha256) const;

  // Whole or not at all. The errors name the path.
  absl::Status put(const RenderItem& item, const std::string& sha256, const Rendering& rendering) const;

 private:
  std::filesystem::path place(const RenderItem& item, const std::string& sha256) const;

  std::filesystem::path folder_;
};

}  // namespace melsweep::rendering

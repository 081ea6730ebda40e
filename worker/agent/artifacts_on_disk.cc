#include "worker/agent/artifacts_on_disk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <system_error>

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

// Whether the path, as it is written, leads to something below the folder.
bool is_below(const fs::path& folder, const fs::path& path) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end() && rest != path.end();
}

}  // namespace

ArtifactsOnDisk::ArtifactsOnDisk(fs::path root) : root_(fs::absolute(root).lexically_normal()) {}

void ArtifactsOnDisk::discard(const fs::path& folder) {
  const fs::path path = folder.lexically_normal();
  if (!is_below(root_, path)) {
    spdlog::error("{} is not below {}: it stays", path.string(), root_.string());
    return;
  }
  std::error_code error;
  fs::remove_all(path, error);
  if (error) spdlog::warn("cannot remove {}: {}", path.string(), error.message());
}

}  // namespace melsweep::agent

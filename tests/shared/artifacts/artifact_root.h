// An artifact folder of the test's own, and what tests put there and look for.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/artifacts/content.h"
#include "shared/artifacts/layout.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"

namespace melsweep::artifacts {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline ArtifactContent content_of(std::string_view text) {
  return {static_cast<std::int64_t>(text.size()), files::sha256(text)};
}

// Removed with the test. `path` is the folder; what is beside it is outside.
class ArtifactRoot {
 public:
  ArtifactRoot() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    outside_ = std::filesystem::path(testing::TempDir()) /
               ("melsweep-artifacts-" + std::to_string(::getpid()) + "-" + test->name());
    path_ = outside_ / "artifacts";
    std::filesystem::create_directories(path_);
  }
  ~ArtifactRoot() { std::filesystem::remove_all(outside_); }
  ArtifactRoot(const ArtifactRoot&) = delete;
  ArtifactRoot& operator=(const ArtifactRoot&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& outside() const { return outside_; }

  void put(const std::filesystem::path& file, std::string_view content) const {
    EXPECT_TRUE(files::write_atomically(path_ / file, content).ok());
  }

  void put(const ArtifactName& name, std::string_view content) const { put(path_of(name), content); }

  // What the file holds, or "(none)".
  std::string at(const std::filesystem::path& file) const {
    return files::read_file(path_ / file, std::size_t{100} << 20).value_or("(none)");
  }
  std::string at(const ArtifactName& name) const { return at(path_of(name)); }

  // Every file but the store's id, from the folder, sorted.
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
      const std::string file = std::filesystem::relative(entry.path(), path_).string();
      if (!entry.is_directory() && file != kStoreIdFile) found.push_back(file);
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::filesystem::path outside_;
  std::filesystem::path path_;
};

inline const ArtifactName kName{SweepId{1}, {TrialId{2}, 3}, 400};
inline const char kPlace[] = "sweep-1/trial-2/attempt-3/step-400.safetensors";

}  // namespace melsweep::artifacts

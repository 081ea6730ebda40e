// A file for as long as a child process needs it.
#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::local {

// Removed when destroyed.
class TemporaryFile {
 public:
  // In $TMPDIR, else /tmp; readable by this user only. Unavailable names the system's reason.
  static absl::StatusOr<TemporaryFile> create(std::string_view content);

  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFile(std::filesystem::path path);

  std::filesystem::path path_;  // empty: moved from
};

}  // namespace melsweep::local

// The log that a child process appends to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace melsweep::local {

// Made before the process starts: what stood in the file by then is another run's.
class ProcessLog {
 public:
  explicit ProcessLog(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  // The last lines that came since, at most 2,000 bytes, for an error message; empty where there are none.
  std::string tail() const;

 private:
  std::filesystem::path path_;
  std::uintmax_t start_ = 0;  // the file's size when this was made
};

}  // namespace melsweep::local

// A file in memory, read-only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "absl/status/statusor.h"

namespace melsweep::features {

// Unmapped when destroyed. Renaming or deleting the file meanwhile does no harm. Safe to read from any
// thread.
class MappedFile {
 public:
  // InvalidArgument where the file is empty; the system's reason, with the path, where it cannot be mapped.
  static absl::StatusOr<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  MappedFile(const std::byte* data, std::size_t size) : data_(data), size_(size) {}

  const std::byte* data_;
  std::size_t size_;
};

}  // namespace melsweep::features

// SHA-256, as 64 lower-case hex digits: the identity of content, in keys and in the database.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::files {

// Content that arrives in pieces. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);

  // The digest of all that came; call once.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256(std::string_view content);

// NotFound or the system's reason, with the path.
absl::StatusOr<std::string> sha256_file(const std::filesystem::path& path);

}  // namespace melsweep::files

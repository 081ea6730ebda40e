// What a file is said to hold, and whether it does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "shared/files/digest.h"

namespace melsweep::artifacts {

inline constexpr std::int64_t kMaxBytes = std::int64_t{4} << 30;  // of one file
inline constexpr std::size_t kMaxChunkBytes = std::size_t{1} << 20;

struct ArtifactContent {
  std::int64_t bytes = 0;
  std::string sha256;  // 64 lower-case hexadecimal digits
  friend bool operator==(const ArtifactContent&, const ArtifactContent&) = default;
};

bool is_sha256(std::string_view text);

// Content that arrives in pieces. Not thread-safe.
class ContentCheck {
 public:
  explicit ContentCheck(ArtifactContent expected);

  // DataLoss: that is more than was expected.
  absl::Status add(std::span<const std::byte> piece);

  // DataLoss: it is not what was expected. Call once, after the last piece.
  absl::Status finish();

 private:
  ArtifactContent expected_;
  std::int64_t bytes_ = 0;
  std::unique_ptr<files::Sha256> hash_;
};

}  // namespace melsweep::artifacts

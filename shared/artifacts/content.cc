#include "shared/artifacts/content.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::artifacts {
namespace {

constexpr std::size_t kSha256Digits = 64;

}  // namespace

bool is_sha256(std::string_view text) {
  return text.size() == kSha256Digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

ContentCheck::ContentCheck(ArtifactContent expected)
    : expected_(std::move(expected)), hash_(std::make_unique<files::Sha256>()) {}

absl::Status ContentCheck::add(std::span<const std::byte> piece) {
  bytes_ += static_cast<std::int64_t>(piece.size());
  if (bytes_ > expected_.bytes) {
    return absl::DataLossError(absl::StrCat("there are more than the ", expected_.bytes, " bytes expected"));
  }
  hash_->update(piece);
  return absl::OkStatus();
}

absl::Status ContentCheck::finish() {
  if (bytes_ != expected_.bytes) {
    return absl::DataLossError(absl::StrCat("there are ", bytes_, " bytes instead of ", expected_.bytes));
  }
  const std::string sha256 = hash_->finish();
  if (sha256 == expected_.sha256) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("its SHA-256 is ", sha256, " instead of ", expected_.sha256));
}

}  // namespace melsweep::artifacts

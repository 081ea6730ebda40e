// A file read from its beginning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/descriptor.h"

namespace melsweep::files {

// Not thread-safe. The errors name the path and the system's reason.
class InputFile {
 public:
  // NotFound where there is none, InvalidArgument where it is no regular file.
  static absl::StatusOr<InputFile> open(const std::filesystem::path& path);

  // Of what is open already; `path` is for messages. InvalidArgument where it is no regular file.
  static absl::StatusOr<InputFile> from(Descriptor descriptor, std::filesystem::path path);

  // As long as it was when it was opened.
  std::int64_t bytes() const { return bytes_; }

  static constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
  using TakePiece = std::function<absl::Status(std::span<const std::byte>)>;

  // Hands over what was not read yet, in order and in pieces of kPieceBytes (the last may be shorter), up to
  // the end or to the first error of `take`, which it returns.
  absl::Status read(const TakePiece& take);

 private:
  InputFile(Descriptor descriptor, std::filesystem::path path, std::int64_t bytes);

  // Fewer bytes than the buffer holds, or none, at the end alone.
  absl::StatusOr<std::size_t> fill(std::span<std::byte> buffer);

  Descriptor descriptor_;
  std::filesystem::path path_;
  std::int64_t bytes_;
};

}  // namespace melsweep::files

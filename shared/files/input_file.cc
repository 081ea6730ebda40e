#include "shared/files/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/files/system_error.h"

namespace melsweep::files {

absl::StatusOr<InputFile> InputFile::open(const std::filesystem::path& path) {
  // A pipe without a writer must not keep us.
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.is_open()) return system_error("cannot read", path);
  return from(std::move(descriptor), path);
}

absl::StatusOr<InputFile> InputFile::from(Descriptor descriptor, std::filesystem::path path) {
  struct stat about {};
  if (::fstat(descriptor.get(), &about) != 0) return system_error("cannot read", path);
  if (!S_ISREG(about.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is not a regular file"));
  }
  return InputFile(std::move(descriptor), std::move(path), about.st_size);
}

InputFile::InputFile(Descriptor descriptor, std::filesystem::path path, std::int64_t bytes)
    : descriptor_(std::move(descriptor)), path_(std::move(path)), bytes_(bytes) {}

absl::Status InputFile::read(const TakePiece& take) {
  std::vector<std::byte> buffer(kPieceBytes);
  while (true) {
    const auto filled = fill(buffer);
    if (!filled.ok()) return filled.status();
    if (*filled == 0) return absl::OkStatus();
    if (absl::Status status = take(std::span(buffer).first(*filled)); !status.ok()) return status;
  }
}

absl::StatusOr<std::size_t> InputFile::fill(std::span<std::byte> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got = ::read(descriptor_.get(), buffer.data() + filled, buffer.size() - filled);
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot read", path_);
    }
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

}  // namespace melsweep::files

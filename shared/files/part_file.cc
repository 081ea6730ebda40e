#include "shared/files/part_file.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "shared/files/system_error.h"

namespace melsweep::files {

absl::StatusOr<PartFile> PartFile::create(Folder folder, std::string name, Access access) {
  auto descriptor = folder.create_file(name, access);
  if (!descriptor.ok()) return descriptor.status();
  return PartFile(std::move(folder), std::move(name), *std::move(descriptor));
}

PartFile::PartFile(Folder folder, std::string name, Descriptor descriptor)
    : folder_(std::move(folder)), name_(std::move(name)), descriptor_(std::move(descriptor)) {}

PartFile::~PartFile() {
  // Where it is gone already, so much the better.
  if (descriptor_.is_open()) folder_.remove_file(name_).IgnoreError();
}

absl::Status PartFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot write", folder_.path() / name_);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status PartFile::move_to(const Folder& to, const std::string& name) {
  if (::fsync(descriptor_.get()) != 0) return system_error("cannot sync", folder_.path() / name_);
  if (absl::Status status = folder_.move_file(name_, to, name); !status.ok()) return status;
  descriptor_.reset();
  return to.sync();
}

}  // namespace melsweep::files

#include "worker/trainer/features/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/files/descriptor.h"

namespace melsweep::features {
namespace {

absl::Status system_error(const std::filesystem::path& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot map ", path.string()));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path) {
  const files::Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat information {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &information) != 0) return system_error(path);
  if (information.st_size <= 0) return absl::InvalidArgumentError(absl::StrCat(path.string(), " is empty"));
  const auto size = static_cast<std::size_t>(information.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor.get(), 0);
  if (data == MAP_FAILED) return system_error(path);
  return std::shared_ptr<const MappedFile>(new MappedFile(static_cast<const std::byte*>(data), size));
}

MappedFile::~MappedFile() {
  ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace melsweep::features

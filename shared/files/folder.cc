#include "shared/files/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/system_error.h"

namespace melsweep::files {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

struct CloseStream {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

// Of an open() that must not follow a link.
absl::Status not_opened(std::string_view action, const std::filesystem::path& path) {
  if (errno == ELOOP) return absl::FailedPreconditionError(absl::StrCat(path.string(), " is a link"));
  return system_error(action, path);
}

}  // namespace

Folder::Folder(Descriptor descriptor, std::filesystem::path path)
    : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

absl::StatusOr<Folder> Folder::open(const std::filesystem::path& path) {
  Descriptor descriptor(::open(path.c_str(), kFolderFlags));
  if (!descriptor.is_open()) return system_error("cannot open folder", path);
  return Folder(std::move(descriptor), path);
}

absl::StatusOr<Folder> Folder::folder(const std::string& name) const {
  Descriptor opened(::openat(descriptor_.get(), name.c_str(), kFolderFlags | O_NOFOLLOW));
  if (!opened.is_open()) return not_opened("cannot open folder", path_ / name);
  return Folder(std::move(opened), path_ / name);
}

absl::StatusOr<Folder> Folder::make_folder(const std::string& name) const {
  if (::mkdirat(descriptor_.get(), name.c_str(), 0777) == 0) {
    if (absl::Status status = sync(); !status.ok()) return status;
  } else if (errno != EEXIST) {
    return system_error("cannot make folder", path_ / name);
  }
  return folder(name);
}

absl::StatusOr<Descriptor> Folder::create_file(const std::string& name, Access access) const {
  Descriptor created(::openat(descriptor_.get(), name.c_str(),
                              O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                              access == Access::kOwner ? 0600 : 0644));
  if (!created.is_open()) return not_opened("cannot create", path_ / name);
  return created;
}

absl::StatusOr<InputFile> Folder::read_file(const std::string& name) const {
  Descriptor opened(
      ::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!opened.is_open()) return not_opened("cannot read", path_ / name);
  return InputFile::from(std::move(opened), path_ / name);
}

absl::StatusOr<std::vector<std::string>> Folder::names() const {
  // A stream of its own, which starts at the beginning whatever was read before.
  Descriptor opened(::openat(descriptor_.get(), ".", kFolderFlags));
  const std::unique_ptr<DIR, CloseStream> stream(opened.is_open() ? ::fdopendir(opened.get()) : nullptr);
  if (stream == nullptr) return system_error("cannot list folder", path_);
  opened.release();
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) return system_error("cannot list folder", path_);
  return names;
}

absl::Status Folder::remove_file(const std::string& name) const {
  if (::unlinkat(descriptor_.get(), name.c_str(), 0) == 0) return absl::OkStatus();
  return system_error("cannot remove", path_ / name);
}

absl::Status Folder::remove_empty_folder(const std::string& name) const {
  if (::unlinkat(descriptor_.get(), name.c_str(), AT_REMOVEDIR) == 0) return absl::OkStatus();
  if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) {
    return absl::FailedPreconditionError(absl::StrCat((path_ / name).string(), " is not an empty folder"));
  }
  return system_error("cannot remove folder", path_ / name);
}

absl::Status Folder::move_file(const std::string& name, const Folder& to, const std::string& new_name) const {
  if (::renameat(descriptor_.get(), name.c_str(), to.descriptor_.get(), new_name.c_str()) == 0)
    return absl::OkStatus();
  return system_error("cannot rename to", to.path_ / new_name);
}

absl::Status Folder::sync() const {
  if (::fsync(descriptor_.get()) == 0) return absl::OkStatus();
  return system_error("cannot sync folder", path_);
}

}  // namespace melsweep::files

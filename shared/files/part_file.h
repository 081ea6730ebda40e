// A file on its way to its place.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/access.h"
#include "shared/files/descriptor.h"
#include "shared/files/folder.h"

namespace melsweep::files {

// Destroyed before it was moved to its place, it leaves nothing behind; a process that is killed does. Not
// thread-safe.
class PartFile {
 public:
  // `name` is where it is until then; nobody else may use it.
  static absl::StatusOr<PartFile> create(Folder folder, std::string name, Access access);

  PartFile(PartFile&&) noexcept = default;
  PartFile& operator=(PartFile&&) = delete;
  ~PartFile();

  // Where it was made.
  const Folder& folder() const { return folder_; }

  absl::Status append(std::span<const std::byte> bytes);

  // fsync, rename, fsync of the folder `to`, which is of the same file system. After an error nothing is
  // there but what was; after NotFound (one of the folders, or the file, was removed) it may be tried again.
  absl::Status move_to(const Folder& to, const std::string& name);

 private:
  PartFile(Folder folder, std::string name, Descriptor descriptor);

  Folder folder_;
  std::string name_;
  Descriptor descriptor_;  // open until the file is at its place
};

}  // namespace melsweep::files

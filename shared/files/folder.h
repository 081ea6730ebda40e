// An open folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/access.h"
#include "shared/files/descriptor.h"
#include "shared/files/input_file.h"

namespace melsweep::files {

// What is in it is named by single names and never reached through a link, so that whoever else may write
// there leads nobody elsewhere; it stays the same folder when it is renamed. The errors name the path and the
// system's reason. Thread-safe.
class Folder {
 public:
  // Links on the way are followed. NotFound where there is none.
  static absl::StatusOr<Folder> open(const std::filesystem::path& path);

  // As it was named when it was opened; for messages.
  const std::filesystem::path& path() const { return path_; }
  int descriptor() const { return descriptor_.get(); }

  // A folder in this one. NotFound where there is none, FailedPrecondition where a file or a link has its
  // name.
  absl::StatusOr<Folder> folder(const std::string& name) const;

  // The same; made, durably, where there is none.
  absl::StatusOr<Folder> make_folder(const std::string& name) const;

  // For writing; what a file of that name held is gone.
  absl::StatusOr<Descriptor> create_file(const std::string& name, Access access) const;

  // NotFound where there is none, FailedPrecondition where it is a link, InvalidArgument where it is no
  // regular file.
  absl::StatusOr<InputFile> read_file(const std::string& name) const;

  // Of everything in it, in no order.
  absl::StatusOr<std::vector<std::string>> names() const;

  // A file, or a link rather than what it leads to. NotFound where there is none.
  absl::Status remove_file(const std::string& name) const;

  // FailedPrecondition where it is not empty or no folder.
  absl::Status remove_empty_folder(const std::string& name) const;

  // Within one file system; a file of that name there is replaced.
  absl::Status move_file(const std::string& name, const Folder& to, const std::string& new_name) const;

  // Makes durable which names are in it.
  absl::Status sync() const;

 private:
  Folder(Descriptor descriptor, std::filesystem::path path);

  Descriptor descriptor_;
  std::filesystem::path path_;
};

}  // namespace melsweep::files

// Several files in one, as `tar` reads and writes them: POSIX's ustar format, of ordinary files without
// folders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/atomic_file.h"

namespace melsweep::files {

// The same members in the same order give the same bytes: they have no owner and no time. Whole or absent, as
// an AtomicFile. Not thread-safe.
class TarWriter {
 public:
  static absl::StatusOr<TarWriter> create(const std::filesystem::path& target);

  // What a member of so many bytes takes in the file.
  static std::int64_t bytes_taken(std::int64_t content_bytes);
  // What the file takes beside its members.
  static constexpr std::int64_t kEndBytes = 1024;

  // InvalidArgument: a name that is empty, longer than 100 bytes, or leads into a folder; a member of 8 GiB.
  absl::Status add(std::string_view name, std::string_view content);

  absl::Status commit();

 private:
  explicit TarWriter(AtomicFile file) : file_(std::move(file)) {}

  AtomicFile file_;
};

// What is in such a file, which is read once; the members are found by their names. What is no ordinary file,
// or has a name that leads into a folder, is passed over. Thread-safe.
class TarArchive {
 public:
  // NotFound where there is no such file, InvalidArgument where it is larger than max_bytes, DataLoss where
  // it is damaged or no archive.
  static absl::StatusOr<TarArchive> read(const std::filesystem::path& path, std::size_t max_bytes);

  // NotFound where there is none of that name. Valid as long as the archive is where it is.
  absl::StatusOr<std::string_view> member(const std::string& name) const;

 private:
  struct Extent {
    std::size_t begin = 0;
    std::size_t bytes = 0;
  };

  TarArchive(std::string path, std::string content) : path_(std::move(path)), content_(std::move(content)) {}
  absl::Status find_members();
  absl::Status damaged(std::size_t at) const;

  std::string path_;  // for messages
  std::string content_;
  std::map<std::string, Extent, std::less<>> members_;
};

}  // namespace melsweep::files

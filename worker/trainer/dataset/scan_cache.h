// What was learned of sound files by reading them, kept on disk so that an unchanged file is not read again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "worker/trainer/audio/fingerprint.h"
#include "worker/trainer/audio/sound_file.h"

namespace melsweep::dataset {

// A file that decodes from end to end.
struct ScannedFile {
  std::string content_hash;  // SHA-256, lower-case hex
  audio::SoundInfo sound;
  // Of the mean of its channels; none where it was not asked for.
  std::optional<audio::Fingerprint> fingerprint{};
};

// What tells that a file is still the one that was read.
struct FileStamp {
  std::int64_t size = 0;      // bytes
  std::int64_t mtime_ns = 0;  // Unix time
  // Of the last change of content or attributes, Unix time. Unlike the time above, which unpacking and
  // copying set back, no program can set it.
  std::int64_t ctime_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// The stamp of a regular file. The errors name the path: NotFound, InvalidArgument for a folder, pipe or
// device.
absl::StatusOr<FileStamp> stamp_of(const std::filesystem::path& path);

// The good files of one folder tree, in one file of `cache_dir` that is named after the tree's absolute path.
// Processes may share it: it is replaced whole, so the last one to save wins, and nothing worse than reading
// again follows. A file that is missing, broken or of another version counts as empty. Not thread-safe.
class ScanCache {
 public:
  // An empty `cache_dir` keeps nothing.
  ScanCache(const std::filesystem::path& cache_dir, const std::filesystem::path& root);

  // By path below the root.
  std::optional<ScannedFile> find(const std::string& id, const FileStamp& stamp) const;
  void insert(const std::string& id, const FileStamp& stamp, const ScannedFile& file);

  std::size_t size() const { return entries_.size(); }

  // Writes what was inserted since the last time, if anything.
  absl::Status save();

 private:
  struct Entry {
    FileStamp stamp;
    ScannedFile file;
  };

  void load();
  bool read_entries(const std::string& body);

  std::filesystem::path file_;
  std::map<std::string, Entry> entries_;
  bool changed_ = false;
};

}  // namespace melsweep::dataset

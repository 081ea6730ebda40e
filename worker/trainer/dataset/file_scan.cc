#include "worker/trainer/dataset/file_scan.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"

namespace melsweep::dataset {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kProgressCalls = 200;

absl::Status naming(const absl::Status& status, const fs::path& path) {
  if (absl::StrContains(status.message(), path.filename().string())) return status;
  return {status.code(), absl::StrCat(path.string(), ": ", status.message())};
}

absl::StatusOr<ScannedFile> scan_file(const fs::path& path) {
  absl::StatusOr<audio::SoundInfo> sound = audio::verify_sound_file(path);
  if (!sound.ok()) return naming(sound.status(), path);
  absl::StatusOr<std::string> hash = files::sha256_file(path);
  if (!hash.ok()) return naming(hash.status(), path);
  return ScannedFile{.content_hash = *std::move(hash), .sound = *sound};
}

// The work that the threads share.
class Scan {
 public:
  Scan(const fs::path& root, const std::vector<std::string>& ids, const ScanOptions& options)
      : root_(root),
        ids_(ids),
        options_(options),
        total_(static_cast<std::int64_t>(ids.size())),
        cache_(options.cache_dir, root),
        outcomes_(ids.size(), absl::UnknownError("not read yet")) {}

  // One thread's part.
  void work() {
    while (!options_.stop.stop_requested()) {
      const std::size_t index = next_.fetch_add(1);
      if (index >= ids_.size()) return;
      outcomes_[index] = scan(ids_[index]);
      count_one();
    }
  }

  absl::StatusOr<std::vector<absl::StatusOr<ScannedFile>>> finish() {
    // A cache that cannot be written costs time and nothing else.
    cache_.save().IgnoreError();
    if (done_ < total_) return absl::CancelledError("reading the data set was stopped");
    return std::move(outcomes_);
  }

 private:
  absl::StatusOr<ScannedFile> scan(const std::string& id) {
    const fs::path path = root_ / id;
    const absl::StatusOr<FileStamp> before = stamp_of(path);
    if (!before.ok()) return before.status();
    {
      const std::lock_guard lock(mutex_);
      if (std::optional<ScannedFile> known = cache_.find(id, *before)) return *std::move(known);
    }
    absl::StatusOr<ScannedFile> file = scan_file(path);
    // A file that changes while it is read is not to be known again by the stamp of either state.
    const absl::StatusOr<FileStamp> after = stamp_of(path);
    if (file.ok() && after.ok() && *after == *before) {
      const std::lock_guard lock(mutex_);
      cache_.insert(id, *before, *file);
    }
    return file;
  }

  void count_one() {
    const std::lock_guard lock(mutex_);
    ++done_;
    const std::int64_t step = std::max<std::int64_t>(1, total_ / kProgressCalls);
    if (options_.progress && (done_ == total_ || done_ % step == 0)) {
      options_.progress({.stage = "reading data", .done = done_, .total = total_});
    }
  }

  const fs::path& root_;
  const std::vector<std::string>& ids_;
  const ScanOptions& options_;
  const std::int64_t total_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  // guards cache_ and done_
  ScanCache cache_;
  std::int64_t done_ = 0;
  std::vector<absl::StatusOr<ScannedFile>> outcomes_;  // each element written by one thread
};

}  // namespace

absl::StatusOr<std::vector<absl::StatusOr<ScannedFile>>> scan_files(const fs::path& root,
                                                                    const std::vector<std::string>& ids,
                                                                    const ScanOptions& options) {
  Scan scan(root, ids, options);
  const unsigned wanted = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
  const std::size_t threads = std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(ids.size(), 1));
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back([&scan] { scan.work(); });
    scan.work();
  }
  return scan.finish();
}

}  // namespace melsweep::dataset

#include "worker/trainer/dataset/file_scan.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <new>
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

// The cache's file is written whole, so larger ones less often.
constexpr std::int64_t kFilesBetweenSaves = 256;
constexpr std::int64_t kShareBetweenSaves = 16;

absl::Status naming(const absl::Status& status, const fs::path& path) {
  if (absl::StrContains(status.message(), path.filename().string())) return status;
  return {status.code(), absl::StrCat(path.string(), ": ", status.message())};
}

// Without the hash.
absl::StatusOr<ScannedFile> read_sound(const fs::path& path, bool with_fingerprint) {
  if (!with_fingerprint) {
    absl::StatusOr<audio::SoundInfo> sound = audio::verify_sound_file(path);
    if (!sound.ok()) return sound.status();
    return ScannedFile{.content_hash = {}, .sound = *sound};
  }
  absl::StatusOr<audio::SoundBeginning> beginning = audio::read_beginning(path, audio::kFingerprinted_s);
  if (!beginning.ok()) return beginning.status();
  // A sound that cannot be compared with others is a good one all the same.
  return ScannedFile{.content_hash = {},
                     .sound = beginning->info,
                     .fingerprint = audio::fingerprint(beginning->sound).value_or(audio::Fingerprint())};
}

absl::StatusOr<ScannedFile> scan_file(const fs::path& path, bool with_fingerprint) {
  absl::StatusOr<ScannedFile> file = read_sound(path, with_fingerprint);
  if (!file.ok()) return naming(file.status(), path);
  absl::StatusOr<std::string> hash = files::sha256_file(path);
  if (!hash.ok()) return naming(hash.status(), path);
  file->content_hash = *std::move(hash);
  return file;
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

  // One thread's part. A failure that is not a file's ends all threads' parts.
  void work() {
    try {
      while (!options_.stop.stop_requested() && !failed_) {
        const std::size_t index = next_.fetch_add(1);
        if (index >= ids_.size()) return;
        outcomes_[index] = scan(ids_[index]);
        count_one();
      }
    } catch (const std::bad_alloc&) {
      fail(absl::ResourceExhaustedError("memory ran out while the data set was read"));
    } catch (const std::exception& error) {
      fail(absl::InternalError(absl::StrCat("reading the data set failed: ", error.what())));
    }
  }

  absl::StatusOr<std::vector<absl::StatusOr<ScannedFile>>> finish() {
    // A cache that cannot be written costs time and nothing else.
    cache_.save().IgnoreError();
    if (!failure_.ok()) return failure_;
    if (done_ < total_) return absl::CancelledError("reading the data set was stopped");
    if (options_.counts != nullptr) *options_.counts = {.read = total_ - known_, .known = known_};
    return std::move(outcomes_);
  }

 private:
  absl::StatusOr<ScannedFile> scan(const std::string& id) {
    const fs::path path = root_ / id;
    const absl::StatusOr<FileStamp> before = stamp_of(path);
    if (!before.ok()) return before.status();
    {
      const std::lock_guard lock(mutex_);
      std::optional<ScannedFile> known = cache_.find(id, *before);
      if (known && (known->fingerprint || !options_.with_fingerprints)) {
        ++known_;
        return *std::move(known);
      }
    }
    absl::StatusOr<ScannedFile> file = scan_file(path, options_.with_fingerprints);
    // A file that changes while it is read is not to be known again by the stamp of either state.
    const absl::StatusOr<FileStamp> after = stamp_of(path);
    if (file.ok() && after.ok() && *after == *before) {
      const std::lock_guard lock(mutex_);
      cache_.insert(id, *before, *file);
      save_now_and_then();
    }
    return file;
  }

  void save_now_and_then() {
    if (++unsaved_ <
        std::max(kFilesBetweenSaves, static_cast<std::int64_t>(cache_.size()) / kShareBetweenSaves))
      return;
    unsaved_ = 0;
    cache_.save().IgnoreError();
  }

  void fail(absl::Status failure) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    failure_.Update(std::move(failure));
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
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  // guards cache_, known_, unsaved_, done_ and failure_
  ScanCache cache_;
  std::int64_t known_ = 0;
  std::int64_t unsaved_ = 0;
  std::int64_t done_ = 0;
  absl::Status failure_;
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

absl::StatusOr<std::vector<absl::StatusOr<ScannedFile>>> scan_listing(const Listing& listing,
                                                                      const ScanOptions& options) {
  std::vector<std::string> ids;
  for (const ListedClip& clip : listing.clips) {
    if (clip.defect.empty()) ids.push_back(clip.id);
  }
  auto scanned = scan_files(listing.root, ids, options);
  if (!scanned.ok()) return scanned.status();
  std::vector<absl::StatusOr<ScannedFile>> outcomes;
  outcomes.reserve(listing.clips.size());
  auto next = scanned->begin();
  for (const ListedClip& clip : listing.clips) {
    if (clip.defect.empty()) {
      outcomes.push_back(std::move(*next++));
    } else {
      outcomes.emplace_back(absl::InvalidArgumentError(clip.defect));
    }
  }
  return outcomes;
}

}  // namespace melsweep::dataset

#include "worker/trainer/dataset/scan_cache.h"

#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"

namespace melsweep::dataset {
namespace {

namespace fs = std::filesystem;

// The first line of the file. Raise the number when the rules for what is a good file change, or what
// its samples are.
constexpr std::string_view kHeader = "melsweep scan 5\n";
constexpr std::size_t kHashLength = 64;
constexpr std::size_t kMaxBytes = std::size_t{2} << 30;  // a million clips of half a minute
constexpr std::size_t kFields = 9;                       // of an entry's line
constexpr absl::string_view kNoFingerprint = "-";
constexpr std::size_t kItemDigits = 8;

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  return time.tv_sec * kPerSecond + time.tv_nsec;
}

// "f" and eight hexadecimal digits for each item, or kNoFingerprint.
std::string fingerprint_text(const std::optional<audio::Fingerprint>& fingerprint) {
  if (!fingerprint) return std::string(kNoFingerprint);
  std::string text = "f";
  for (const std::uint32_t item : *fingerprint) absl::StrAppend(&text, absl::Hex(item, absl::kZeroPad8));
  return text;
}

bool read_fingerprint(absl::string_view text, std::optional<audio::Fingerprint>& fingerprint) {
  if (text == kNoFingerprint) return true;
  if (!absl::ConsumePrefix(&text, "f") || text.size() % kItemDigits != 0) return false;
  fingerprint.emplace();
  for (; !text.empty(); text.remove_prefix(kItemDigits)) {
    if (!absl::SimpleHexAtoi(text.substr(0, kItemDigits), &fingerprint->emplace_back())) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<FileStamp> stamp_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return absl::NotFoundError(absl::StrCat(path.string(), ": no such file"));
    return absl::ErrnoToStatus(errno, path.string());
  }
  if (!S_ISREG(status.st_mode))
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a file"));
  return FileStamp{.size = status.st_size,
                   .mtime_ns = nanoseconds(status.st_mtim),
                   .ctime_ns = nanoseconds(status.st_ctim)};
}

ScanCache::ScanCache(const fs::path& cache_dir, const fs::path& root) {
  if (cache_dir.empty()) return;
  std::error_code error;
  fs::path place = fs::weakly_canonical(root.empty() ? fs::path(".") : root, error);
  if (error) return;
  file_ = cache_dir / absl::StrCat("scan-", files::sha256(place.string()).substr(0, 32), ".txt");
  load();
}

std::optional<ScannedFile> ScanCache::find(const std::string& id, const FileStamp& stamp) const {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.stamp != stamp) return std::nullopt;
  return found->second.file;
}

void ScanCache::insert(const std::string& id, const FileStamp& stamp, const ScannedFile& file) {
  entries_.insert_or_assign(id, Entry{.stamp = stamp, .file = file});
  changed_ = true;
}

// The header, a line an entry, and the SHA-256 of all that as the last line.
absl::Status ScanCache::save() {
  if (!changed_ || file_.empty()) return absl::OkStatus();
  std::string text(kHeader);
  for (const auto& [id, entry] : entries_) {
    const audio::SoundInfo& sound = entry.file.sound;
    absl::StrAppend(&text, entry.stamp.size, " ", entry.stamp.mtime_ns, " ", entry.stamp.ctime_ns, " ",
                    sound.sample_rate, " ", sound.channels, " ", sound.frames, " ", entry.file.content_hash,
                    " ", fingerprint_text(entry.file.fingerprint), " ", id, "\n");
  }
  absl::StrAppend(&text, files::sha256(text), "\n");
  absl::Status status = files::write_atomically(file_, text);
  if (status.ok()) changed_ = false;
  return status;
}

void ScanCache::load() {
  const absl::StatusOr<FileStamp> stamp = stamp_of(file_);
  if (!stamp.ok() || stamp->size > static_cast<std::int64_t>(kMaxBytes)) return;
  const absl::StatusOr<std::string> text = files::read_file(file_, static_cast<std::size_t>(stamp->size));
  if (!text.ok() || text->size() < kHeader.size() + kHashLength + 1 || !text->starts_with(kHeader)) return;
  std::string_view body = *text;
  const std::string_view trailer = body.substr(body.size() - kHashLength - 1);
  body.remove_suffix(trailer.size());
  if (absl::StrCat(files::sha256(body), "\n") != trailer) return;
  body.remove_prefix(kHeader.size());
  if (!read_entries(std::string(body))) entries_.clear();
}

bool ScanCache::read_entries(const std::string& body) {
  for (const absl::string_view line : absl::StrSplit(body, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::MaxSplits(' ', kFields - 1));
    Entry entry;
    if (fields.size() != kFields || !absl::SimpleAtoi(fields[0], &entry.stamp.size) ||
        !absl::SimpleAtoi(fields[1], &entry.stamp.mtime_ns) ||
        !absl::SimpleAtoi(fields[2], &entry.stamp.ctime_ns) ||
        !absl::SimpleAtoi(fields[3], &entry.file.sound.sample_rate) ||
        !absl::SimpleAtoi(fields[4], &entry.file.sound.channels) ||
        !absl::SimpleAtoi(fields[5], &entry.file.sound.frames) ||
        !read_fingerprint(fields[7], entry.file.fingerprint)) {
      return false;
    }
    entry.file.content_hash = std::string(fields[6]);
    entries_.insert_or_assign(std::string(fields[8]), std::move(entry));
  }
  return true;
}

}  // namespace melsweep::dataset

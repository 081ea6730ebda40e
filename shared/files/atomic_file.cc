#include "shared/files/atomic_file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/folder.h"
#include "shared/files/system_error.h"

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// What temporary files of this machine for this target begin with; a number of the process and one of the
// file follow. Another machine may write in the same folder, and its processes cannot be asked for here.
std::string temporary_prefix(const fs::path& target) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return absl::StrCat(target.filename().string(), ".part-", host.data(), "-");
}

// The process of "<process>-<number>".
std::optional<int> process_of(std::string_view numbers) {
  int process = 0;
  unsigned number = 0;
  const char* const end = numbers.data() + numbers.size();
  const auto first = std::from_chars(numbers.data(), end, process);
  if (first.ec != std::errc() || process <= 0 || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, number);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return process;
}

bool is_running(int process) {
  return ::kill(process, 0) == 0 || errno != ESRCH;
}

// Removes what killed processes left of their attempts to write the target.
void remove_leftovers(const fs::path& folder, std::string_view prefix) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const std::optional<int> process = process_of(std::string_view(name).substr(prefix.size()));
    if (process && !is_running(*process)) ::unlink(entry->path().c_str());
  }
}

}  // namespace

absl::StatusOr<AtomicFile> AtomicFile::create(const fs::path& target, Access access) {
  std::error_code error;
  fs::create_directories(folder_of(target), error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot make folder ", folder_of(target).string(), ": ", error.message()));
  }
  static std::atomic<unsigned> counter{0};
  const std::string prefix = temporary_prefix(target);
  remove_leftovers(folder_of(target), prefix);
  auto folder = Folder::open(folder_of(target));
  if (!folder.ok()) return folder.status();
  const std::string temporary = absl::StrCat(prefix, ::getpid(), "-", counter.fetch_add(1));
  auto part = PartFile::create(*std::move(folder), temporary, access);
  if (!part.ok()) return part.status();
  return AtomicFile(*std::move(part), target.filename().string());
}

AtomicFile::AtomicFile(PartFile part, std::string name) : part_(std::move(part)), name_(std::move(name)) {}

absl::Status AtomicFile::append(std::span<const std::byte> bytes) {
  return part_.append(bytes);
}

absl::Status AtomicFile::append(std::string_view text) {
  return append(std::as_bytes(std::span(text.data(), text.size())));
}

absl::Status AtomicFile::commit() {
  return part_.move_to(part_.folder(), name_);
}

absl::Status write_atomically(const fs::path& target, std::string_view content, Access access) {
  absl::StatusOr<AtomicFile> file = AtomicFile::create(target, access);
  if (!file.ok()) return file.status();
  if (absl::Status status = file->append(content); !status.ok()) return status;
  return file->commit();
}

absl::StatusOr<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  std::error_code error;
  if (fs::is_directory(path, error))
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is a folder, not a file"));
  std::ifstream in(path, std::ios::binary);
  if (!in) return system_error("cannot read", path);
  // Grown as needed: the limit may be far above what most files hold.
  constexpr std::size_t kPieceBytes = std::size_t{64} << 10;
  std::string content;
  while (in && content.size() <= max_bytes) {
    const std::size_t had = content.size();
    content.resize(std::min(had + kPieceBytes, max_bytes + 1));
    in.read(content.data() + had, static_cast<std::streamsize>(content.size() - had));
    content.resize(had + static_cast<std::size_t>(in.gcount()));
  }
  if (content.size() > max_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), " is larger than ", max_bytes, " bytes"));
  }
  return content;
}

}  // namespace melsweep::files

#include "coordinator/store/file_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "shared/files/descriptor.h"
#include "shared/results/schema_version.h"

namespace melsweep::store {
namespace {

// The header of an SQLite file: https://www.sqlite.org/fileformat2.html, section 1.3.
constexpr std::size_t kHeaderBytes = 100;
constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kApplicationIdOffset = 68;  // four bytes, the highest first

std::uint32_t application_id(std::string_view header) {
  std::uint32_t id = 0;
  for (const char byte : header.substr(kApplicationIdOffset, 4)) {
    id = id << 8 | static_cast<unsigned char>(byte);
  }
  return id;
}

}  // namespace

absl::Status check_ours_or_new(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return absl::OkStatus();
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return absl::FailedPreconditionError(absl::StrCat(path.string(), " is no file"));
  }
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, kHeaderBytes> bytes{};
  const ssize_t length = file.is_open() ? ::pread(file.get(), bytes.data(), bytes.size(), 0) : -1;
  if (length < 0) return absl::ErrnoToStatus(errno, absl::StrCat("reading ", path.string()));
  if (length == 0) return absl::OkStatus();
  const std::string_view header(bytes.data(), static_cast<std::size_t>(length));
  if (header.size() < kHeaderBytes || !header.starts_with(kMagic)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), " is no SQLite database; it was left as it is"));
  }
  if (application_id(header) != static_cast<std::uint32_t>(results::kApplicationId)) {
    return absl::FailedPreconditionError(absl::StrCat(
        path.string(), " is an SQLite database, but no results database of melsweep; it was left as it is"));
  }
  return absl::OkStatus();
}

}  // namespace melsweep::store

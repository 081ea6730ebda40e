#include "client/local/temporary_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace melsweep::local {

absl::StatusOr<TemporaryFile> TemporaryFile::create(std::string_view content) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) folder = "/tmp";
  std::string name = (folder / "melsweep-XXXXXX").string();
  const int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) {
    return absl::UnavailableError(absl::StrCat("cannot make a temporary file in ", folder.string(), ": ",
                                               std::generic_category().message(errno)));
  }
  TemporaryFile file{std::filesystem::path(name)};
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  const int reason = content.empty() ? 0 : errno;
  ::close(descriptor);
  if (reason != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot write ", name, ": ", std::generic_category().message(reason)));
  }
  return file;
}

TemporaryFile::TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

}  // namespace melsweep::local

#include "shared/files/system_error.h"

#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"

namespace melsweep::files {

absl::Status system_error(std::string_view action, const std::filesystem::path& path) {
  absl::Status status = absl::ErrnoToStatus(errno, absl::StrCat(std::string(action), " ", path.string()));
  if (absl::IsResourceExhausted(status)) return absl::UnavailableError(status.message());
  return status;
}

}  // namespace melsweep::files

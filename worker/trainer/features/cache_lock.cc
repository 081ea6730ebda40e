#include "worker/trainer/features/cache_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace melsweep::features {
namespace {

// Whatever the system's reason, the data are not to blame: on another machine, or mended, it works.
absl::Status unavailable(const char* action, const std::filesystem::path& path) {
  return absl::UnavailableError(
      absl::ErrnoToStatus(errno, absl::StrCat("cannot ", action, " ", path.string())).message());
}

}  // namespace

absl::StatusOr<std::optional<CacheLock>> CacheLock::try_acquire(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot make folder ", folder.string(), ": ", error.message()));
  }
  const std::filesystem::path path = folder / "lock";
  files::Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!descriptor.is_open()) return unavailable("open", path);
  while (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::optional<CacheLock>();
    if (errno != EINTR) return unavailable("lock", path);
  }
  return std::optional<CacheLock>(CacheLock(std::move(descriptor)));
}

}  // namespace melsweep::features

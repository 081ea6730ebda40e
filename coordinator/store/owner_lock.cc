#include "coordinator/store/owner_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::store {
namespace {

std::string owner_written_in(const files::Descriptor& descriptor) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(descriptor.get(), text.data(), text.size() - 1, 0);
  if (length <= 0) return "another process";
  return absl::StrCat("process ", std::atoll(text.data()));
}

}  // namespace

absl::StatusOr<OwnerLock> OwnerLock::acquire(const std::filesystem::path& database) {
  const std::string path = database.string() + ".lock";
  files::Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!descriptor.is_open()) return absl::ErrnoToStatus(errno, absl::StrCat("opening the lock file ", path));
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return absl::ErrnoToStatus(errno, absl::StrCat("locking ", path));
    return absl::UnavailableError(absl::StrCat(database.string(), " belongs to another coordinator (",
                                               owner_written_in(descriptor),
                                               "); stop it first, or choose another file with --db"));
  }
  // The number only serves the message above, so a full disk must not keep the coordinator from starting.
  const std::string owner = absl::StrCat(::getpid(), "\n");
  if (::ftruncate(descriptor.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor.get(), owner.data(), owner.size(), 0);
  }
  return OwnerLock(std::move(descriptor));
}

}  // namespace melsweep::store

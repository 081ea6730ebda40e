#include "client/local/database_owner.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace melsweep::local {

bool has_owner(const std::filesystem::path& database) {
  // The coordinator locks beside the file itself, not beside a link to it.
  std::error_code error;
  const std::filesystem::path file = std::filesystem::canonical(database, error);
  if (error) return error != std::errc::no_such_file_or_directory;
  const int descriptor = ::open((file.string() + ".lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return errno != ENOENT;
  const bool is_free = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  ::close(descriptor);
  return !is_free;
}

}  // namespace melsweep::local

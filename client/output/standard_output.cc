#include "client/output/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

namespace melsweep::output {

void occupy_standard_streams() {
  // open() takes the lowest free number. Read-only for all: writing to a stream that was closed stays an
  // error.
  int descriptor = 0;
  while (descriptor <= STDERR_FILENO) {
    descriptor = ::open("/dev/null", O_RDONLY);
    if (descriptor < 0) return;
    if (descriptor > STDERR_FILENO) ::close(descriptor);
  }
}

absl::Status flush_standard_output() {
  errno = 0;
  std::cout.flush();
  const int flushed = std::fflush(stdout);
  if (std::cout.good() && flushed == 0 && std::ferror(stdout) == 0) return absl::OkStatus();
  // A large text may have failed earlier, when errno was read by nobody.
  const int reason = errno == 0 ? EIO : errno;
  if (reason == EPIPE) return absl::CancelledError("nobody reads standard output");
  return absl::ErrnoToStatus(reason, "writing to standard output");
}

}  // namespace melsweep::output

// Who can read a file that holds a key or a token.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "absl/status/status.h"

namespace melsweep::net {

// Whether a file with this owner and mode is kept from everybody whom it is none of. Nobody but its owner may
// have any access; root's may also be read by a group, which root chose, as long as the reader is not root
// itself and so is of that group. The latter is how Kubernetes mounts a Secret for a program that is not
// root: the files are root's, and a pod's fsGroup may read them. The same rule as PostgreSQL's for
// ssl_key_file.
bool is_kept_secret(uid_t owner, mode_t mode, uid_t reader);

// The same of a file, for this process; links are followed. FailedPrecondition where it is not, with what to
// do; the system's reason where that cannot be told.
absl::Status check_kept_secret(const std::filesystem::path& file);

}  // namespace melsweep::net

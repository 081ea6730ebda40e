#include "shared/net/secrecy.h"

#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "shared/files/system_error.h"

namespace melsweep::net {

bool is_kept_secret(uid_t owner, mode_t mode, uid_t reader) {
  constexpr uid_t kRoot = 0;
  const mode_t of_others = mode & (S_IRWXG | S_IRWXO);
  if (of_others == 0) return true;
  return of_others == S_IRGRP && owner == kRoot && reader != kRoot;
}

absl::Status check_kept_secret(const std::filesystem::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return files::system_error("cannot read", file);
  if (is_kept_secret(about.st_uid, about.st_mode, ::geteuid())) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(file.string(), " can be read by other users: chmod 600 ", file.string()));
}

}  // namespace melsweep::net

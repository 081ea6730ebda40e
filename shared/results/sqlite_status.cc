#include "shared/results/sqlite_status.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"

namespace melsweep::results {
namespace {

constexpr int kPrimaryCodeMask = 0xff;

absl::StatusCode code_of(int primary, int extended) {
  switch (extended) {
    // The transaction was rolled back and nothing of it was synced: the disk may have room again later. A
    // failed fsync is not among them: what the kernel did with the pages is unknown.
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP:
    case SQLITE_IOERR_NOMEM:
      return absl::StatusCode::kUnavailable;
    default:
      break;
  }
  switch (primary) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return absl::StatusCode::kUnavailable;
    case SQLITE_INTERRUPT:
      return absl::StatusCode::kCancelled;
    case SQLITE_CORRUPT:
      return absl::StatusCode::kDataLoss;
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
      return absl::StatusCode::kFailedPrecondition;
    case SQLITE_TOOBIG:
      return absl::StatusCode::kInvalidArgument;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return absl::StatusCode::kPermissionDenied;
    default:
      return absl::StatusCode::kInternal;
  }
}

const char* advice(int primary) {
  switch (primary) {
    case SQLITE_FULL:
      return "; make room on the disk";
    case SQLITE_BUSY:
      return "; another program holds a write lock on it";
    case SQLITE_CORRUPT:
      return "; run `PRAGMA integrity_check` on a copy, and restore a backup";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return "; check the permissions of the file and of its folder";
    default:
      return "";
  }
}

}  // namespace

absl::Status to_status(const SQLite::Exception& error, const std::string& doing) {
  const int primary = error.getErrorCode() & kPrimaryCodeMask;
  return absl::Status(code_of(primary, error.getExtendedErrorCode()),
                      absl::StrCat(doing, ": ", error.what(), advice(primary)));
}

}  // namespace melsweep::results

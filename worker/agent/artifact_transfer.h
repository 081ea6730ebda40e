// Checkpoints on their way between this machine and the coordinator's artifact folder, without gRPC in it.
#pragma once

#include <filesystem>
#include <string>

#include "shared/model/artifact.h"
#include "shared/model/ids.h"

namespace melsweep::agent {

// A file on this machine's disk.
struct LocalFile {
  std::string path;  // absolute
  std::string sha256;
  friend bool operator==(const LocalFile&, const LocalFile&) = default;
};

// Each call returns at once and is answered by the event of its kind; a further one of that kind is made only
// when the one before was answered.
class ArtifactTransfer {
 public:
  virtual ~ArtifactTransfer() = default;

  // Copies the file there. ArtifactStored, OK: it is whole and durable. Otherwise nothing
  // of it is there:
  //   FailedPrecondition  the attempt is no longer this worker's
  //   ResourceExhausted   there is no room
  //   DataLoss            the file is not the one that file.sha256 is of
  //   NotFound            the coordinator does not know this worker: register again
  //   whatever wire::is_retryable() says  the same may work later
  //   others              it will not; the message says why
  virtual void store(const StoreId& database, const ArtifactName& name, const LocalFile& file) = 0;

  // Copies the file from there to `to` (absolute; its folder is made when missing). ArtifactFetched, OK: it
  // is whole there, and the one that sha256 is of. Otherwise `to` is as it was: NotFound where the
  // coordinator has no such file, DataLoss where it has another; retryable and other errors as above.
  virtual void fetch(const StoreId& database, const ArtifactName& name, const std::string& sha256,
                     const std::filesystem::path& to) = 0;

  // Ends what is under way soon, with Cancelled unless it was done already.
  virtual void cancel() = 0;
};

}  // namespace melsweep::agent

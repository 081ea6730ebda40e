// The workers that an engine runs for us: this machine, Slurm, Kubernetes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace melsweep::scaling {

// One worker as its engine knows it. A coordinator knows it by an id that begins with the name and a hyphen.
struct Member {
  std::string name;
  bool has_begun = false;  // its process runs, or is about to; else the engine has no place for it yet
  friend bool operator==(const Member&, const Member&) = default;
};

// An error says which of the engine's programs said what.
class Fleet {
 public:
  virtual ~Fleet() = default;

  // All that have not ended, also those that somebody else has started in the same way.
  virtual absl::StatusOr<std::vector<Member>> members() = 0;

  // So many more.
  virtual absl::Status start(int count) = 0;

  // These are not needed. One that has begun is told to leave by SIGTERM, on which it gives back what it
  // does.
  virtual absl::Status withdraw(const std::vector<std::string>& names) = 0;

  // Whether a worker that leaves by itself, because it was drained, is started anew by the engine. Then
  // leaving is up to withdraw().
  virtual bool replaces_those_that_leave() const { return false; }
};

}  // namespace melsweep::scaling

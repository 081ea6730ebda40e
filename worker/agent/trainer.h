// A trainer's process as the agent needs it.
#pragma once

#include "absl/status/status.h"
#include "worker/trainer/protocol/messages.h"

namespace melsweep::agent {

// At most one process at a time. What it does comes as TrainerSaid, TrainerBroke and, last, TrainerEnded.
class Trainer {
 public:
  virtual ~Trainer() = default;

  // Starts a process; TrainerEnded follows sooner or later. An error names the program and the reason, and
  // nothing follows.
  virtual absl::Status start() = 0;

  // Writes to the running process, without waiting for it to read.
  virtual absl::Status tell(const protocol::Command& command) = 0;

  // Ends the running process and all of its group, at once. TrainerEnded follows.
  virtual void kill() = 0;
};

}  // namespace melsweep::agent

// Everything that can happen to an agent.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/assignment.h"
#include "shared/model/ids.h"
#include "shared/model/trial.h"
#include "worker/trainer/protocol/messages.h"

namespace melsweep::agent {

// --- the coordinator answered, or could not be asked. One for each call of CoordinatorLink.

struct LeaseTerms {
  std::chrono::milliseconds lease_ttl{0};
  std::chrono::milliseconds heartbeat_interval{0};
  StoreId store;  // of the results database that numbers the sweeps and trials
};

struct RegisterAnswered {
  absl::StatusOr<LeaseTerms> terms;
};

struct LeaseAnswered {
  absl::StatusOr<std::vector<Assignment>> assignments;  // empty: none came in time; several: one group
};

struct HeartbeatAnswer {
  std::vector<WorkRef> stop{};       // what is no longer this worker's
  std::vector<WorkRef> give_back{};  // what it is to give back, because its sweep is paused
  bool drain = false;                // it is to give back everything and leave
  // As LeaseTerms, which they take the place of; 0: as before.
  std::chrono::milliseconds lease_ttl{0};
  std::chrono::milliseconds heartbeat_interval{0};
};

struct HeartbeatAnswered {
  absl::StatusOr<HeartbeatAnswer> answer;
};

struct ReportAnswered {
  absl::Status status;           // FailedPrecondition: all that was reported is of work that is not ours
  std::vector<WorkRef> stale{};  // else which of it is; the rest is recorded
};

// --- a checkpoint has arrived, or has not. One for each call of ArtifactTransfer, whose statuses they are.

struct ArtifactStored {
  absl::Status status;
};

struct ArtifactFetched {
  absl::Status status;
};

// --- the trainer's process

struct TrainerSaid {
  protocol::Event event;
};

// It wrote what is no event, or cannot be heard any more. It still runs.
struct TrainerBroke {
  absl::Status status;
};

// How a process ended.
struct ProcessEnd {
  int exit_code = 0;
  int signal = 0;          // 0: it exited by itself
  std::string last_words;  // the last lines of its standard error
};

// The process is gone, and with it all that it started in its group. The last event of a process.
struct TrainerEnded {
  ProcessEnd end;
};

// --- the user and the clock

// SIGTERM, SIGINT or SIGUSR1.
struct StopRequested {
  ReleaseReason reason = ReleaseReason::kDrained;  // of what is given back
};

// Agent::next_deadline() has come.
struct TimePassed {};

using Event =
    std::variant<RegisterAnswered, LeaseAnswered, HeartbeatAnswered, ReportAnswered, ArtifactStored,
                 ArtifactFetched, TrainerSaid, TrainerBroke, TrainerEnded, StopRequested, TimePassed>;

}  // namespace melsweep::agent

// One look at a fleet, and what is done then.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/remote/coordinator_address.h"
#include "client/scaling/fleet.h"
#include "client/scaling/scaling_policy.h"
#include "shared/results/results.h"

namespace melsweep::commands {

struct FleetSeen {
  std::vector<scaling::Member> members;
  std::vector<results::WorkerSummary> workers;
};

absl::StatusOr<FleetSeen> look_at(scaling::Fleet& fleet, results::Results& results);

// Starts, withdraws and drains. Where one of these fails what came before it stays done.
absl::Status carry_out(const scaling::Change& change, scaling::Fleet& fleet,
                       const remote::CoordinatorAddress& coordinator);

// "3 are started, 1 is told to leave"; empty of no change.
std::string describe(const scaling::Change& change);

}  // namespace melsweep::commands

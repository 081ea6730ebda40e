// The verbs that do something to a sweep, or to all of a study: pause, resume, cancel.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "client/remote/coordinator_address.h"
#include "shared/model/ids.h"
#include "shared/wire/retry.h"

namespace melsweep::commands {

struct SweepActionVerb {
  std::string name;
  std::string description;
  std::function<absl::Status(const remote::CoordinatorAddress&, SweepId, wire::Sleeper)> act;
  // Said on standard error when it is done, behind "sweep 3 ".
  std::function<std::string(SweepId)> outcome;
};

// Adds the verb with SWEEP, which must be given, --coordinator and --db: with the latter a coordinator is
// started on that database for this one call, as only coordinators write to one. A database that some
// coordinator has open is refused.
void add_sweep_action(CLI::App& app, int& exit_code, SweepActionVerb verb);

}  // namespace melsweep::commands

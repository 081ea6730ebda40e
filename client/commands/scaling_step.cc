#include "client/commands/scaling_step.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/retry_talk.h"
#include "client/remote/remote_sweeps.h"

namespace melsweep::commands {
namespace {

std::string counted(std::size_t count, const char* what) {
  return absl::StrCat(count, count == 1 ? " is " : " are ", what);
}

// The member that the worker is.
std::string member_of(const WorkerId& worker) {
  return worker.value.substr(0, worker.value.rfind('-'));
}

}  // namespace

absl::StatusOr<FleetSeen> look_at(scaling::Fleet& fleet, results::Results& results) {
  auto members = fleet.members();
  if (!members.ok()) return members.status();
  auto workers = results.workers();
  if (!workers.ok()) return workers.status();
  return FleetSeen{*std::move(members), *std::move(workers)};
}

absl::Status carry_out(const scaling::Change& change, scaling::Fleet& fleet,
                       const remote::CoordinatorAddress& coordinator) {
  if (change.start > 0) {
    if (absl::Status status = fleet.start(change.start); !status.ok()) return status;
  }
  std::vector<std::string> withdrawn = change.withdraw;
  for (const WorkerId& worker : change.drain) {
    if (fleet.replaces_those_that_leave()) {
      withdrawn.push_back(member_of(worker));
      continue;
    }
    absl::Status status = remote::drain_worker(coordinator, worker, sleep_and_say_so(coordinator.target));
    if (!status.ok()) return status;
  }
  return fleet.withdraw(withdrawn);
}

std::string describe(const scaling::Change& change) {
  std::string text = change.start > 0 ? counted(static_cast<std::size_t>(change.start), "started") : "";
  const auto add = [&text](std::size_t count, const char* what) {
    if (count > 0) absl::StrAppend(&text, text.empty() ? "" : ", ", counted(count, what));
  };
  add(change.withdraw.size(), "withdrawn");
  add(change.drain.size(), "told to leave");
  return text;
}

}  // namespace melsweep::commands

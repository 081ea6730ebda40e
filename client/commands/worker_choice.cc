#include "client/commands/worker_choice.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace melsweep::commands {
namespace {

using results::WorkerSummary;

// "node-1" of "node-1-5f0c1a2b"
std::string name_of(const WorkerId& id) {
  return id.value.substr(0, id.value.rfind('-'));
}

std::string list(const std::vector<std::string>& ids) {
  return absl::StrJoin(ids, ", ");
}

}  // namespace

absl::StatusOr<WorkerId> choose_worker(const std::vector<WorkerSummary>& workers, const std::string& which) {
  std::vector<std::string> alive;
  std::vector<std::string> so_called;
  for (const WorkerSummary& worker : workers) {
    if (worker.id.value == which) return worker.id;
    if (!worker.alive) continue;
    alive.push_back(worker.id.value);
    if (name_of(worker.id) == which) so_called.push_back(worker.id.value);
  }
  if (so_called.size() == 1) return WorkerId{so_called.front()};
  if (so_called.size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("several workers are called '", which, "': give the id of one: ", list(so_called)));
  }
  return absl::NotFoundError(absl::StrCat("there is no worker '", which, "'; ",
                                          alive.empty() ? "there are none" : "there are: ", list(alive)));
}

}  // namespace melsweep::commands

#include "client/scaling/membership.h"

#include <algorithm>
#include <string>

namespace melsweep::scaling {

using results::WorkerSummary;

const WorkerSummary* worker_of(const Member& member, const std::vector<WorkerSummary>& workers) {
  const auto is_its = [&](const WorkerSummary& worker) {
    const std::string& id = worker.id.value;
    return worker.alive && id.rfind('-') == member.name.size() && id.starts_with(member.name);
  };
  const auto found = std::find_if(workers.begin(), workers.end(), is_its);
  return found == workers.end() ? nullptr : &*found;
}

bool is_busy(const WorkerSummary& worker) {
  return worker.trial.has_value() || !worker.progress.stage.empty();
}

}  // namespace melsweep::scaling

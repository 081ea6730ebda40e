#include "coordinator/core/placement.h"

#include <algorithm>
#include <cassert>

namespace melsweep::core {

Distance distance(const WorkerPlace& worker, const std::vector<WorkerPlace>& failed_on) {
  Distance nearest = Distance::kOtherHost;
  for (const WorkerPlace& failed : failed_on) {
    if (failed.worker == worker.worker) return Distance::kSameWorker;
    if (!worker.host.empty() && failed.host == worker.host) nearest = Distance::kSameHost;
  }
  return nearest;
}

std::optional<std::size_t> place(const PlacementQuestion& question) {
  assert(!question.asking.empty());
  const auto farther = [&](const WorkerPlace& a, const WorkerPlace& b) {
    return distance(a, question.failed_on) < distance(b, question.failed_on);
  };
  const auto best = std::min_element(question.asking.begin(), question.asking.end(), farther);
  const bool is_worth_waiting = std::any_of(question.busy.begin(), question.busy.end(),
                                            [&](const WorkerPlace& busy) { return farther(busy, *best); });
  if (is_worth_waiting) return std::nullopt;
  return static_cast<std::size_t>(best - question.asking.begin());
}

}  // namespace melsweep::core

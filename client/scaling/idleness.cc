#include "client/scaling/idleness.h"

#include <utility>

#include "client/scaling/membership.h"

namespace melsweep::scaling {

int Idleness::count_long_idle(const std::vector<Member>& members,
                              const std::vector<results::WorkerSummary>& workers, MonotonicTime now) {
  std::map<std::string, MonotonicTime> since;
  int count = 0;
  for (const Member& member : members) {
    const results::WorkerSummary* worker = worker_of(member, workers);
    if (worker == nullptr || worker->draining || is_busy(*worker)) continue;
    const auto known = since_.find(member.name);
    const MonotonicTime began = known == since_.end() ? now : known->second;
    since.emplace(member.name, began);
    if (now - began >= is_long_) ++count;
  }
  since_ = std::move(since);
  return count;
}

}  // namespace melsweep::scaling

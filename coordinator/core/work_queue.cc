#include "coordinator/core/work_queue.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <vector>

namespace melsweep::core {

void WorkQueue::add(const WorkKey& key, MonotonicTime ready_at, const Grouping& grouping) {
  assert(!contains(key));
  delayed_.emplace(key, Delayed{ready_at, grouping});
  releases_.emplace(ready_at, key);
}

void WorkQueue::set_aside(const WorkKey& key, MonotonicTime until) {
  add(key, until);
  aside_.insert(key);
}

void WorkQueue::make_ready(const WorkKey& key, const Grouping& grouping) {
  ready_.emplace(key, grouping);
  families_.add(key, grouping);
}

void WorkQueue::release_aside(const std::function<bool(const WorkKey&)>& suits) {
  std::vector<WorkKey> suiting;
  std::copy_if(aside_.begin(), aside_.end(), std::back_inserter(suiting), suits);
  for (const WorkKey& key : suiting) {
    remove(key);
    make_ready(key, {});
  }
}

void WorkQueue::remove(const WorkKey& key) {
  if (const auto ready = ready_.find(key); ready != ready_.end()) {
    families_.remove(key, ready->second);
    ready_.erase(ready);
    return;
  }
  const auto delayed = delayed_.find(key);
  if (delayed == delayed_.end()) return;
  aside_.erase(key);
  releases_.erase({delayed->second.until, key});
  delayed_.erase(delayed);
}

void WorkQueue::release_due(MonotonicTime now) {
  while (!releases_.empty() && releases_.begin()->first <= now) {
    const auto due = delayed_.extract(releases_.begin()->second);
    releases_.erase(releases_.begin());
    aside_.erase(due.key());
    make_ready(due.key(), due.mapped().grouping);
  }
}

std::vector<WorkKey> WorkQueue::next_of_each_sweep() const {
  std::vector<WorkKey> next;
  for (auto at = ready_.begin(); at != ready_.end();
       at = ready_.lower_bound({{at->first.sweep.value + 1}, 0})) {
    next.push_back(at->first);
  }
  return next;
}

void WorkQueue::take(const WorkKey& key) {
  const auto ready = ready_.find(key);
  assert(ready != ready_.end());
  families_.remove(key, ready->second);
  ready_.erase(ready);
}

std::vector<WorkKey> WorkQueue::take_beside(const WorkKey& first, const Grouping& grouping,
                                            const GroupLimit& limit) {
  std::vector<WorkKey> taken;
  std::int64_t cost = grouping.cost;
  while (static_cast<std::int64_t>(taken.size()) < limit.members) {
    const std::optional<WorkKey> next = families_.nearest(first.sweep, grouping);
    if (!next) break;
    const std::int64_t next_cost = ready_.at(*next).cost;
    if (next_cost - next_cost / 2 > limit.cost - cost) break;
    cost += next_cost;
    take(*next);
    taken.push_back(*next);
  }
  return taken;
}

std::optional<MonotonicTime> WorkQueue::next_release() const {
  if (releases_.empty()) return std::nullopt;
  return releases_.begin()->first;
}

}  // namespace melsweep::core

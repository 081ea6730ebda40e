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

// Of the sweeps that are served first: a look at data before trials. The end where there is none.
std::map<WorkKey, Grouping, ServiceOrder>::iterator WorkQueue::next_of_first() {
  const auto look = ready_.lower_bound({first_, 0});
  if (look != ready_.end() && look->first.number == 0 && look->first.sweep <= last_) return look;
  const auto trial = ready_.lower_bound({first_, 1});
  return trial != ready_.end() && trial->first.sweep <= last_ ? trial : ready_.end();
}

std::optional<WorkKey> WorkQueue::take() {
  if (ready_.empty()) return std::nullopt;
  auto next = next_of_first();
  if (next == ready_.end()) next = ready_.begin();
  const WorkKey key = next->first;
  families_.remove(key, next->second);
  ready_.erase(next);
  return key;
}

std::vector<WorkKey> WorkQueue::take_beside(const WorkKey& first, const Grouping& grouping,
                                            const GroupLimit& limit) {
  std::vector<WorkKey> taken;
  std::int64_t cost = grouping.cost;
  while (static_cast<std::int64_t>(taken.size()) < limit.members && cost < limit.cost) {
    const std::optional<WorkKey> next = families_.nearest(first.sweep, grouping);
    if (!next) break;
    const auto ready = ready_.find(*next);
    cost += ready->second.cost;
    families_.remove(*next, ready->second);
    ready_.erase(ready);
    taken.push_back(*next);
  }
  return taken;
}

std::optional<MonotonicTime> WorkQueue::next_release() const {
  if (releases_.empty()) return std::nullopt;
  return releases_.begin()->first;
}

}  // namespace melsweep::core

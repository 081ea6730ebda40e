#include "coordinator/core/work_queue.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <vector>

namespace melsweep::core {

void WorkQueue::add(const WorkKey& key, MonotonicTime ready_at) {
  assert(!contains(key));
  delayed_.emplace(key, ready_at);
  releases_.emplace(ready_at, key);
}

void WorkQueue::set_aside(const WorkKey& key, MonotonicTime until) {
  add(key, until);
  aside_.insert(key);
}

void WorkQueue::release_aside(const std::function<bool(const WorkKey&)>& suits) {
  std::vector<WorkKey> suiting;
  std::copy_if(aside_.begin(), aside_.end(), std::back_inserter(suiting), suits);
  for (const WorkKey& key : suiting) {
    remove(key);
    ready_.insert(key);
  }
}

void WorkQueue::remove(const WorkKey& key) {
  ready_.erase(key);
  aside_.erase(key);
  if (const auto delayed = delayed_.find(key); delayed != delayed_.end()) {
    releases_.erase({delayed->second, key});
    delayed_.erase(delayed);
  }
}

void WorkQueue::release_due(MonotonicTime now) {
  while (!releases_.empty() && releases_.begin()->first <= now) {
    const WorkKey key = releases_.begin()->second;
    releases_.erase(releases_.begin());
    delayed_.erase(key);
    aside_.erase(key);
    ready_.insert(key);
  }
}

std::optional<WorkKey> WorkQueue::take() {
  if (ready_.empty()) return std::nullopt;
  auto next = ready_.find({first_, 0});
  if (next == ready_.end()) next = ready_.lower_bound({first_, 1});
  if (next == ready_.end() || next->sweep != first_) next = ready_.begin();
  const WorkKey key = *next;
  ready_.erase(next);
  return key;
}

std::optional<MonotonicTime> WorkQueue::next_release() const {
  if (releases_.empty()) return std::nullopt;
  return releases_.begin()->first;
}

}  // namespace melsweep::core

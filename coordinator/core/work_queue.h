// Work that waits for a worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "coordinator/core/grouping.h"
#include "coordinator/core/ready_families.h"
#include "coordinator/core/work_key.h"
#include "shared/model/ids.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// Every operation is O(log n), but for release_due, which is that for each key that becomes ready.
class WorkQueue {
 public:
  // The key must not be in the queue. It is handed out once its time has come, alone or in a group.
  void add(const WorkKey& key, MonotonicTime ready_at, const Grouping& grouping = {});

  // The same for work that waits for another worker than those who ask now, and goes out alone: it becomes
  // ready at `until`, or when release_aside finds that worker.
  void set_aside(const WorkKey& key, MonotonicTime until);

  // Makes ready what was set aside and suits. O(n) of what is set aside.
  void release_aside(const std::function<bool(const WorkKey&)>& suits);

  // Nothing happens where the key is not in the queue.
  void remove(const WorkKey& key);

  // Makes ready what is due.
  void release_due(MonotonicTime now);

  // Of each sweep that has something ready the lowest number. O(log n) for each of them.
  std::vector<WorkKey> next_of_each_sweep() const;

  // Takes a key that is ready.
  void take(const WorkKey& key);

  // What a group may have, beside the one it begins with.
  struct GroupLimit {
    std::int64_t members = 0;
    std::int64_t cost = 0;  // of all that it has; what comes nearest to it, with the next member or without
  };

  // Takes what goes out beside `first`, which was taken just now: of its family, those first that share its
  // minibatches.
  std::vector<WorkKey> take_beside(const WorkKey& first, const Grouping& grouping, const GroupLimit& limit);

  // Of all that is ready of the family.
  std::int64_t ready_cost(SweepId sweep, int family) const { return families_.cost(sweep, family); }

  bool has_ready() const { return !ready_.empty(); }
  bool has_aside() const { return !aside_.empty(); }
  bool contains(const WorkKey& key) const { return ready_.contains(key) || delayed_.contains(key); }
  std::size_t size() const { return ready_.size() + delayed_.size(); }

  // When the next key that is not ready yet will be.
  std::optional<MonotonicTime> next_release() const;

 private:
  struct Delayed {
    MonotonicTime until;
    Grouping grouping;
  };

  void make_ready(const WorkKey& key, const Grouping& grouping);

  std::map<WorkKey, Grouping> ready_;
  ReadyFamilies families_;  // of ready_
  std::map<WorkKey, Delayed> delayed_;
  std::set<std::pair<MonotonicTime, WorkKey>> releases_;  // of the delayed ones
  std::set<WorkKey> aside_;                               // those of the delayed ones that were set aside
};

}  // namespace melsweep::core

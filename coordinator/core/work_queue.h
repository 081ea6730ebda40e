// Work that waits for a worker.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "shared/model/ids.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// Something that can be leased: number 0 is the look at the sweep's data, 1 and up are its trials.
struct WorkKey {
  SweepId sweep;
  std::int64_t number = 0;
  friend auto operator<=>(const WorkKey&, const WorkKey&) = default;
};

// Looks at data come first, so that a sweep that cannot run says so at once and not after all earlier ones;
// then the trials of the older sweep, by number.
struct ServiceOrder {
  bool operator()(const WorkKey& a, const WorkKey& b) const {
    return std::tuple(a.number != 0, a) < std::tuple(b.number != 0, b);
  }
};

// Every operation is O(log n), but for release_due, which is that for each key that becomes ready.
class WorkQueue {
 public:
  // The key must not be in the queue. It is handed out once its time has come.
  void add(const WorkKey& key, MonotonicTime ready_at);

  // The same for work that waits for another worker than those who ask now: it becomes ready at `until`, or
  // when release_aside finds that worker.
  void set_aside(const WorkKey& key, MonotonicTime until);

  // Makes ready what was set aside and suits. O(n) of what is set aside.
  void release_aside(const std::function<bool(const WorkKey&)>& suits);

  // Nothing happens where the key is not in the queue.
  void remove(const WorkKey& key);

  // Makes ready what is due.
  void release_due(MonotonicTime now);

  // From now on this sweep's work is taken before that of all others.
  void serve_first(SweepId sweep) { first_ = sweep; }

  // Takes the first key that is ready.
  std::optional<WorkKey> take();

  bool has_ready() const { return !ready_.empty(); }
  bool has_aside() const { return !aside_.empty(); }
  bool contains(const WorkKey& key) const { return ready_.contains(key) || delayed_.contains(key); }
  std::size_t size() const { return ready_.size() + delayed_.size(); }

  // When the next key that is not ready yet will be.
  std::optional<MonotonicTime> next_release() const;

 private:
  SweepId first_;  // the sweep that is served first; 0: none
  std::set<WorkKey, ServiceOrder> ready_;
  std::map<WorkKey, MonotonicTime> delayed_;
  std::set<std::pair<MonotonicTime, WorkKey>> releases_;  // of the delayed ones
  std::set<WorkKey> aside_;                               // those of the delayed ones that were set aside
};

}  // namespace melsweep::core

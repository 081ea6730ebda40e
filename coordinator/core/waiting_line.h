// Who waits for work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "coordinator/core/events.h"
#include "shared/model/ids.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// A request for work that found none yet.
struct ParkedLease {
  WorkerId worker;
  RequestId request;
  MonotonicTime deadline;
  std::vector<Token> tokens;  // of the request and of its repetitions, which are all answered alike
  int max_trials = 1;
};

// Requests in order of arrival, one a worker at most. Every operation is O(log n), but for take_due, which is
// that for each request taken.
class WaitingLine {
  using Places = std::map<std::uint64_t, ParkedLease>;

 public:
  // The worker must not wait yet.
  void add(ParkedLease parked);

  // Nothing where the worker does not wait.
  const ParkedLease* find(const WorkerId& worker) const;

  // Another call of the request that the worker waits with. The wait ends at the earlier deadline of the two.
  void join(const WorkerId& worker, Token token, MonotonicTime deadline);

  // The worker must wait.
  ParkedLease take(const WorkerId& worker);

  // Those whose deadline has come, by deadline.
  std::vector<ParkedLease> take_due(MonotonicTime now);

  // The call is gone; with its last call the request leaves the line. False where no such call waits.
  bool abandon(Token token);

  std::optional<MonotonicTime> next_deadline() const;
  bool empty() const { return places_.empty(); }
  std::size_t size() const { return places_.size(); }

  // (place, request), in order of arrival.
  Places::const_iterator begin() const { return places_.begin(); }
  Places::const_iterator end() const { return places_.end(); }

 private:
  ParkedLease take_place(std::uint64_t place);

  std::uint64_t last_place_ = 0;
  Places places_;
  std::map<WorkerId, std::uint64_t> by_worker_;
  std::map<Token, std::uint64_t> by_token_;
  std::set<std::pair<MonotonicTime, std::uint64_t>> deadlines_;
};

}  // namespace melsweep::core

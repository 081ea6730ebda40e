#include "worker/agent/transfer_turns.h"

#include <algorithm>

namespace melsweep::agent {
namespace {

// The calls of one kind.
struct Kind {
  const CallTiming& (CheckpointExchange::*timing)() const;
  std::optional<MonotonicTime> (CheckpointExchange::*due)() const;
  void (CheckpointExchange::*call)(MonotonicTime);
};

constexpr Kind kFetch{&CheckpointExchange::fetch_timing, &CheckpointExchange::fetch_due,
                      &CheckpointExchange::call_fetch};
constexpr Kind kStore{&CheckpointExchange::store_timing, &CheckpointExchange::store_due,
                      &CheckpointExchange::call_store};

template <class Exchange>
Exchange* under_way(std::span<Exchange* const> exchanges, const Kind& kind) {
  const auto found = std::find_if(exchanges.begin(), exchanges.end(),
                                  [&](Exchange* one) { return (one->*kind.timing)().in_flight(); });
  return found == exchanges.end() ? nullptr : *found;
}

void make_call(Exchanges exchanges, const Kind& kind, MonotonicTime now) {
  if (under_way(exchanges, kind) != nullptr) return;
  CheckpointExchange* next = nullptr;
  for (CheckpointExchange* one : exchanges) {
    const auto due = (one->*kind.due)();
    if (!due || *due > now) continue;
    if (next == nullptr || (one->*kind.timing)().started_at() < (next->*kind.timing)().started_at()) {
      next = one;
    }
  }
  if (next != nullptr) (next->*kind.call)(now);
}

std::optional<MonotonicTime> next_call(ConstExchanges exchanges, const Kind& kind) {
  std::optional<MonotonicTime> earliest;
  if (under_way(exchanges, kind) != nullptr) return earliest;
  for (const CheckpointExchange* one : exchanges) {
    const auto due = (one->*kind.due)();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

}  // namespace

CheckpointExchange* fetching(Exchanges exchanges) {
  return under_way(exchanges, kFetch);
}

CheckpointExchange* storing(Exchanges exchanges) {
  return under_way(exchanges, kStore);
}

void make_transfers(Exchanges exchanges, MonotonicTime now) {
  make_call(exchanges, kFetch, now);
  make_call(exchanges, kStore, now);
}

std::optional<MonotonicTime> next_transfer(ConstExchanges exchanges) {
  const auto fetch = next_call(exchanges, kFetch);
  const auto store = next_call(exchanges, kStore);
  if (!fetch || !store) return fetch ? fetch : store;
  return std::min(*fetch, *store);
}

}  // namespace melsweep::agent

// The core with its store: a batch of events becomes one transaction, and the replies come out once it is
// durable.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "coordinator/core/events.h"
#include "coordinator/core/options.h"
#include "coordinator/core/state.h"
#include "coordinator/store/store.h"
#include "shared/time/clock.h"

namespace melsweep::engine {

// While the store cannot be written, what needs no writes (heartbeats above all) is served all the same, what
// does need them is refused with Unavailable, and the store is tried again after a while that grows. A batch
// that the store will never take is recorded event by event, so that only the one at fault is refused.
//
// Not thread-safe.
class Engine {
 public:
  // The clock must outlive the engine.
  Engine(const core::Options& options, std::unique_ptr<store::Store> store, const Clock& clock);

  // Takes the state from the store. process() does so by itself where it is needed; a program that starts
  // calls it to learn at once whether the store can be used.
  absl::Status load();

  struct Result {
    std::vector<core::Reply> replies;    // what they say is durable
    std::vector<store::Write> recorded;  // in this call, in order
    ObsoleteFiles obsolete;              // nothing durable refers to them any more
    // Not OK: the store is broken, nothing more can be served, and what is still unanswered never will be.
    absl::Status fatal;
  };

  // Applies the events in order, and what has become due since.
  Result process(std::span<const core::Event> events);

  // What is durable, as the core knows it; nothing while that has to be read back first. Valid until the next
  // call.
  const core::State* state() const { return state_ ? &*state_ : nullptr; }

  // When process() is to be called though there is no event.
  std::optional<MonotonicTime> next_deadline() const;

  // OK, or why the store could not be used when it was last tried.
  const absl::Status& trouble() const { return trouble_; }

 private:
  bool may_try_store(const Now& now) const { return trouble_.ok() || now.monotonic >= retry_at_; }
  core::Outbox apply_events(std::span<const core::Event> events, const Now& now);
  core::Outbox apply_time(const Now& now);
  absl::Status record(core::Outbox outbox, std::span<const core::Event> events, const Now& now,
                      Result& result);
  void record_one_by_one(std::span<const core::Event> events, const Now& now, Result& result);
  void serve_without_store(std::span<const core::Event> events, const Now& now, Result& result);
  void roll_back(const core::Outbox& undone, std::span<const core::Event> events, Result& result);
  void have_trouble(const absl::Status& status, const Now& now);

  core::Options options_;
  std::unique_ptr<store::Store> store_;
  const Clock& clock_;
  std::optional<core::State> state_;  // nothing while it may be ahead of the store
  absl::Status trouble_;
  MonotonicTime retry_at_;                    // with trouble
  std::chrono::milliseconds retry_delay_{0};  // the latest; 0 = no trouble
};

}  // namespace melsweep::engine

// The core with its store: a batch of events becomes one transaction, and the replies come out once it is
// durable.
#pragma once

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

namespace melsweep::rpc {

// Not thread-safe.
class Engine {
 public:
  // The clock must outlive the engine.
  Engine(const core::Options& options, std::unique_ptr<store::Store> store, const Clock& clock);

  // Takes the state from the store. process() does so by itself where it is needed; a program that starts
  // calls it to learn at once whether the store can be used.
  absl::Status load();

  struct Result {
    std::vector<core::Reply> replies;  // what they say is durable
    // Not OK: there are no replies, and every request that is still unanswered, of this batch or an earlier
    // one, is forgotten and to be refused with this. Unavailable: the store could not be written; the next
    // batch starts over from what is durable. Anything else: nothing more can be served.
    absl::Status status;
  };

  // Applies the events in order, and what has become due since.
  Result process(std::span<const core::Event> events);

  // When process() is to be called though there is no event.
  std::optional<MonotonicTime> next_deadline() const;

 private:
  core::Outbox apply_all(std::span<const core::Event> events);

  core::Options options_;
  std::unique_ptr<store::Store> store_;
  const Clock& clock_;
  std::optional<core::State> state_;  // nothing while it may be ahead of the store
};

}  // namespace melsweep::rpc

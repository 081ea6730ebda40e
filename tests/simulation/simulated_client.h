// Somebody who submits a sweep, repeats himself until he is answered, lists and maybe cancels.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "coordinator/core/events.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/simulated_coordinator.h"
#include "tests/simulation/trace.h"

namespace melsweep::simulation {

class SimulatedClient {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    Network& network;
    SimulatedCoordinator& coordinator;
    Violations& violations;
    Ledger& ledger;
  };

  SimulatedClient(const Parts& parts, Peer peer, Random random)
      : parts_(parts), peer_(peer), random_(random) {}

  // Until it is answered, and once more some time later.
  void submit(const SweepSpec& spec, std::chrono::milliseconds after);

  // Cancels the sweep, once there is one, until that is answered.
  void cancel(std::chrono::milliseconds after);

  // Now and then, without end.
  void keep_listing();

  bool has_sweep() const { return sweep_.has_value(); }
  bool is_done() const { return has_sweep() && !wants_cancel_; }

 private:
  using Completion = std::function<void(const core::Answer&)>;
  enum Kind : std::uint8_t { kSubmit, kCancel, kList };

  // Makes a call; `done` is called once, with a refusal where no answer came in time.
  template <class AskingEvent>
  void call(Kind kind, AskingEvent event, Completion done);
  void call_submit();
  void call_cancel();

  Parts parts_;
  Peer peer_;
  Random random_;
  SweepSpec spec_;
  std::optional<SweepId> sweep_;
  bool wants_cancel_ = false;
  std::uint64_t last_call_ = 0;
};

}  // namespace melsweep::simulation

// Somebody who submits a sweep, repeats himself until he is answered, lists, and maybe pauses, cancels and
// drains workers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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
  void submit(const Study& study, std::chrono::milliseconds after);

  // Cancels the sweep, or one of the study's, once there is one, until that is answered.
  void cancel(std::chrono::milliseconds after);

  // Pauses the same one so many times, once there is one, and resumes it a while after each.
  void keep_pausing(int times);

  // Tells so many workers to leave, one now and then.
  void keep_draining(int times);

  // Now and then, without end.
  void keep_listing();

  bool has_sweep() const { return sweep_.has_value(); }
  bool is_done() const { return has_sweep() && !wants_cancel_ && !is_pausing_; }

 private:
  using Completion = std::function<void(const core::Answer&)>;
  enum Kind : std::uint8_t { kSubmit, kCancel, kList, kPause, kResume, kDrain };

  // Makes a call; `done` is called once, with a refusal where no answer came in time.
  template <class AskingEvent>
  void call(Kind kind, AskingEvent event, Completion done);
  void call_submit();
  void call_cancel();
  void call_pause(const RequestId& request, int times);
  void call_resume(const RequestId& request, int times);
  void drain_one(const std::vector<core::WorkerStatus>& workers, int times);
  void call_drain(const WorkerId& worker, int times);

  // Whether the coordinator has done what it was asked; `repeat` is called after a while where the answer is
  // to be had yet. What is refused because the sweep has ended is done, anything else is a violation.
  bool is_settled(const core::Answer& answer, const std::string& what, std::function<void()> repeat);

  Parts parts_;
  Peer peer_;
  Random random_;
  Study study_;
  std::optional<SweepId> sweep_;  // the one that is paused and cancelled
  bool wants_cancel_ = false;
  bool is_pausing_ = false;  // from the first call to pause to the answer to that to resume
  int actions_ = 0;          // requests that were named
  std::uint64_t last_call_ = 0;
};

}  // namespace melsweep::simulation

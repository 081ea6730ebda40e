// A machine on which one worker after the other runs: the real agent, with simulated link and trainer.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "tests/simulation/artifacts.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/running_trials.h"
#include "tests/simulation/simulated_link.h"
#include "tests/simulation/simulated_trainer.h"
#include "tests/simulation/simulated_transfer.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/violations.h"
#include "worker/agent/agent.h"

namespace melsweep::simulation {

enum class Suspended { kAgent, kAgentAndTrainer };

class SimulatedWorker {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    Violations& violations;
    RunningTrials& running;
    SimulatedLink::Parts link;
    ArtifactFolder& folder;
    const Workload& workload;
  };

  SimulatedWorker(const Parts& parts, Peer peer, Random random, const SimulatedTrainer::Traits& trainer);

  // A new process, which has a new id. There must be none.
  void start();
  void crash();
  void suspend(Suspended what);
  void resume();
  // As by SIGTERM.
  void drain();

  bool is_running() const { return agent_ != nullptr; }
  bool is_suspended() const { return suspended_; }

  // Called when a process has ended, for whatever reason.
  void set_on_down(std::function<void()> on_down) { on_down_ = std::move(on_down); }
  void set_trainer_faults(const TrainerFaults& faults) { trainer_.set_faults(faults); }

 private:
  void post(agent::Event event);
  void handle(const agent::Event& event);
  void after_event();
  void wake_at_deadline();
  void end_process();

  Parts parts_;
  Peer peer_;
  Random random_;
  std::function<void()> on_down_;
  WorkerFiles files_;
  SimulatedLink link_;
  SimulatedTransfer transfer_;
  SimulatedTrainer trainer_;
  std::unique_ptr<agent::Agent> agent_;
  std::uint64_t process_ = 0;  // its number; what was meant for earlier ones is dropped
  bool suspended_ = false;
  std::deque<agent::Event> inbox_;  // what came while suspended
  std::optional<MonotonicTime> wakes_at_;
  MonotonicTime last_wake_;
  int wakes_in_a_row_ = 0;  // at last_wake_
};

}  // namespace melsweep::simulation

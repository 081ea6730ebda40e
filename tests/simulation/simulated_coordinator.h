// The coordinator's process: the real engine on the simulated disk, in a loop like rpc::Loop.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "coordinator/core/events.h"
#include "coordinator/core/options.h"
#include "coordinator/engine/engine.h"
#include "tests/simulation/artifacts.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/random.h"
#include "tests/simulation/simulated_store.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/violations.h"

namespace melsweep::simulation {

// What can be dead while its requests go on: completions of a process that is gone are refused with
// Unavailable, as by a connection that breaks.
class SimulatedCoordinator {
 public:
  using Completion = std::function<void(const core::Answer&)>;

  struct Parts {
    EventQueue& queue;
    Trace& trace;
    Violations& violations;
    Disk& disk;
    Ledger& ledger;
    ArtifactFolder& folder;
  };

  SimulatedCoordinator(const Parts& parts, core::Options options, StoreMaker make_store, Random random);

  void start();
  void crash();
  bool is_up() const { return engine_.has_value(); }

  // Called when a process is gone, for whatever reason.
  void set_on_down(std::function<void()> on_down) { on_down_ = std::move(on_down); }

  // How long a commit takes, at most.
  void set_longest_commit(std::chrono::milliseconds time) { longest_commit_ = time; }

  // Gives the event its token. Must be up.
  template <class AskingEvent>
  core::Token ask(AskingEvent event, Completion done) {
    event.token = {++last_token_};
    const core::Token token = event.token;
    enqueue({std::move(event), token, std::move(done)});
    return token;
  }
  void abandon(core::Token token);

  // The state equals what the durable records make of themselves: to be asked while nothing is being done.
  void check_restorable();

  // What the last process knew; nothing where it is not known to be durable.
  const core::State* state() const { return engine_ ? engine_->state() : nullptr; }

 private:
  struct Request {
    core::Event event;
    core::Token token;
    Completion done;  // empty: nobody waits for an answer
  };

  // Every file that the records name is there.
  void check_files(const core::State& state);

  void enqueue(Request request);
  std::vector<core::Event> take_batch();
  void schedule_step();
  void schedule_deadline();
  void step();
  void finish_step(const engine::Engine::Result& result);
  void answer(const core::Reply& reply);
  void refuse_all(const absl::Status& status);

  Parts parts_;
  core::Options options_;
  StoreMaker make_store_;
  Random random_;
  std::chrono::milliseconds longest_commit_{2};
  std::function<void()> on_down_;

  std::optional<engine::Engine> engine_;
  std::uint64_t process_ = 0;   // its number; actions of earlier ones do nothing
  std::vector<Request> queue_;  // for the next step
  std::map<core::Token, Completion> waiters_;
  bool busy_ = false;  // a step is scheduled, or its commit is under way
  std::optional<MonotonicTime> wakes_at_;
  std::uint64_t last_token_ = 0;
};

}  // namespace melsweep::simulation

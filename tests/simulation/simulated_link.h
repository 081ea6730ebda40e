// A worker's calls to the coordinator over the simulated network, with the timeouts of agent::GrpcLink.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/core/events.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/network.h"
#include "tests/simulation/simulated_coordinator.h"
#include "tests/simulation/trace.h"
#include "worker/agent/coordinator_link.h"
#include "worker/agent/events.h"

namespace melsweep::simulation {

class SimulatedLink final : public agent::CoordinatorLink {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    Network& network;
    SimulatedCoordinator& coordinator;
    Disk& disk;
    Ledger& ledger;
  };

  // `post` takes the answers.
  SimulatedLink(const Parts& parts, Peer peer, std::function<void(agent::Event)> post);

  // A new process makes the calls from now on; answers to the old one's are lost.
  void become(const WorkerId& worker);

  // The process is gone, and its connection with it.
  void break_off();

  void register_worker(const std::string& device) override;
  void lease(const agent::WorkRequest& request) override;
  void cancel_lease() override;
  void heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) override;
  void report(const std::vector<WorkReport>& reports) override;

 private:
  enum Kind : std::uint8_t { kRegister, kLease, kHeartbeat, kReport };
  using Reader = agent::Event (*)(const core::Answer&);

  struct Call {
    Kind kind;
    std::uint64_t number;
    Reader read;
  };

  template <class AskingEvent>
  void call(Kind kind, AskingEvent event, std::chrono::milliseconds timeout, Reader read);
  template <class AskingEvent>
  void arrive(const Call& call, const AskingEvent& event);
  void reply(const Call& call, const core::Answer& answer);
  // The first answer counts.
  void end(const Call& call, const core::Answer& answer);
  void tell_of_abandoned_lease();

  Parts parts_;
  Peer peer_;
  std::function<void(agent::Event)> post_;
  WorkerId worker_;
  std::uint64_t last_call_ = 0;
  std::array<std::uint64_t, 4> open_{};    // by kind: the call under way; 0 = none
  std::vector<WorkReport> reporting_;      // by the open report call
  std::vector<core::Token> lease_tokens_;  // that the coordinator knows the open lease call by
};

}  // namespace melsweep::simulation

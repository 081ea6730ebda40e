// A worker's checkpoints on their way over the simulated network, as by agent::GrpcTransfer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "tests/simulation/artifacts.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/network.h"
#include "tests/simulation/simulated_coordinator.h"
#include "tests/simulation/trace.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/events.h"

namespace melsweep::simulation {

class SimulatedTransfer final : public agent::ArtifactTransfer {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    Network& network;
    SimulatedCoordinator& coordinator;
    Disk& disk;
    ArtifactFolder& folder;
  };

  // `post` takes the answers; files are read from and written to `files`.
  SimulatedTransfer(const Parts& parts, Peer peer, WorkerFiles& files,
                    std::function<void(agent::Event)> post);

  // A new process makes the calls from now on; answers to the old one's are lost.
  void become(const WorkerId& worker);

  void store(const StoreId& database, const ArtifactName& name, const agent::LocalFile& file) override;
  void fetch(const StoreId& database, const ArtifactName& name, const std::string& sha256,
             const std::filesystem::path& to) override;
  void cancel() override;

 private:
  void arrive(std::uint64_t call, const ArtifactName& name, const Trained& content);
  void end_store(std::uint64_t call, const absl::Status& status);
  void end_fetch(std::uint64_t call, const absl::StatusOr<Trained>& content, const std::string& to);

  Parts parts_;
  Peer peer_;
  WorkerFiles& files_;
  std::function<void(agent::Event)> post_;
  WorkerId worker_;
  std::uint64_t last_call_ = 0;
  std::uint64_t storing_ = 0;   // the call under way; 0: none
  std::uint64_t fetching_ = 0;  // the same
};

}  // namespace melsweep::simulation

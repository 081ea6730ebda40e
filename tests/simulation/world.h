// One sweep, or two, run to the end in virtual time, with everything that can go wrong on its way.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/artifacts.h"
#include "tests/simulation/chaos.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/ledger.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/running_trials.h"
#include "tests/simulation/simulated_client.h"
#include "tests/simulation/simulated_coordinator.h"
#include "tests/simulation/simulated_store.h"
#include "tests/simulation/simulated_worker.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/violations.h"
#include "tests/simulation/workload.h"

namespace melsweep::simulation {

struct WorldOptions {
  std::uint64_t seed = 1;
  int trials = 20;  // of the sweep that runs to its end
  Trace::Listener on_trace;
  // The faults, drawn from the seed where there is none given.
  std::optional<ChaosPlan> chaos;
  // Parts that tests replace by faulty ones.
  StoreMaker make_store = [](Disk& disk) { return std::make_unique<SimulatedStore>(disk); };
  std::chrono::milliseconds longest_trainer_death{2'000};  // well within the grace
  // How many trials a trainer does at once, drawn for each worker from the seed where there is none given.
  std::optional<int> max_group;
};

struct Outcome {
  std::optional<std::string> violation;  // the first
  std::uint64_t trace_hash = 0;
  std::uint64_t steps = 0;
};

class World {
 public:
  explicit World(const WorldOptions& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Once. Deterministic: a function of the options.
  Outcome run();

  const Trace& trace() const { return trace_; }
  Disk& disk() { return disk_; }

 private:
  void make_workers();
  void make_clients();
  Study study(const std::string& name, int trials);
  bool is_done() const;
  void run_to_the_end();
  void check_the_end();
  void check_final_files();

  Random random_;
  int trials_;
  EventQueue queue_;
  Trace trace_;
  Violations violations_;
  Workload workload_;
  Disk disk_;
  Ledger ledger_;
  ArtifactFolder folder_;
  int worker_count_;
  Network network_;
  RunningTrials running_;
  SimulatedCoordinator coordinator_;
  Workers workers_;
  std::vector<std::unique_ptr<SimulatedClient>> clients_;
  std::chrono::milliseconds longest_trainer_death_;
  std::optional<int> max_group_;
  ChaosPlan plan_;
  Chaos chaos_;
};

}  // namespace melsweep::simulation

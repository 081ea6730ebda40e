// What goes wrong, and when: drawn once for each seed, so that some seeds see one kind of fault alone and
// others all at once ("swarm testing", Groce and others, 2012).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "tests/simulation/disk.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/simulated_coordinator.h"
#include "tests/simulation/simulated_worker.h"
#include "tests/simulation/trace.h"

namespace melsweep::simulation {

// Times are means between two such events; zero: it never happens.
struct ChaosPlan {
  NetworkFaults network;
  TrainerFaults trainer;
  double checkpoint_damage = 0.0;  // of checkpoints that are fetched
  std::chrono::milliseconds longest_commit{2};
  std::chrono::milliseconds partition{0};
  std::chrono::milliseconds worker_crash{0};
  std::chrono::milliseconds worker_suspension{0};
  std::chrono::milliseconds worker_drain{0};
  std::chrono::milliseconds coordinator_crash{0};
  std::chrono::milliseconds commit_fault{0};
  std::chrono::milliseconds disk_full{0};
  std::chrono::milliseconds wall_jump{0};
  std::chrono::milliseconds end{0};  // when all of it is over
  // What people do beside it.
  int pauses = 0;  // of each sweep, and as many times it is resumed
  int drains = 0;  // of workers, from outside
};

ChaosPlan draw_plan(Random& random);

using Workers = std::vector<std::unique_ptr<SimulatedWorker>>;

class Chaos {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    Network& network;
    Disk& disk;
    SimulatedCoordinator& coordinator;
    Workers& workers;
    ArtifactFolder& folder;
    int peers = 0;  // workers and clients
  };

  Chaos(const Parts& parts, const ChaosPlan& plan, Random random);

  // Until the plan's end; then all is healed, and stays so. Processes that ended are started again.
  void begin();
  bool is_over() const { return over_; }

 private:
  // Calls `happen` again and again while the chaos lasts.
  void every(std::chrono::milliseconds mean, std::function<void()> happen);
  void restart_what_ends();
  SimulatedWorker& any_worker();

  void partition();
  void suspend();
  void crash_coordinator();
  void fail_commit();
  void fill_disk();
  void jump_wall();
  void heal();

  Parts parts_;
  ChaosPlan plan_;
  Random random_;
  Random wall_random_;  // of its own: the wall clock's jumps change nothing else
  bool over_ = false;
};

}  // namespace melsweep::simulation

// A trainer's process in virtual time: says hello, measures, finishes; hangs, runs out of memory and dies.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/artifacts.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"
#include "tests/simulation/running_trials.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/workload.h"
#include "worker/agent/events.h"
#include "worker/agent/trainer.h"

namespace melsweep::simulation {

// Beside what the trial itself does to it. Probabilities.
struct TrainerFaults {
  double does_not_start = 0.0;  // of a start
  double never_says_hello = 0.0;
  double dies = 0.0;  // of each measurement
  double runs_out_of_memory = 0.0;
  double hangs = 0.0;         // for a minute or so
  double ignores_stop = 0.0;  // of a stop: it has to be killed
  double is_gibberish = 0.0;  // of a measurement: what it says cannot be understood
};

class SimulatedTrainer final : public agent::Trainer {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    const Workload& workload;
    RunningTrials& running;
    WorkerFiles& files;
  };

  // A killed process takes up to `longest_death` to be gone; `post` takes what it does.
  SimulatedTrainer(const Parts& parts, Peer worker, Random random, std::chrono::milliseconds longest_death,
                   std::function<void(agent::Event)> post);

  absl::Status start() override;
  absl::Status tell(const protocol::Command& command) override;
  void kill() override;

  void set_faults(const TrainerFaults& faults) { faults_ = faults; }

  // The worker is gone, and this process with it; nobody hears of its end.
  void die_with_worker();

  // Nothing goes on until thaw().
  void freeze() { frozen_ = true; }
  void thaw();

 private:
  // Runs the action unless the process is gone or being killed by then.
  void later(std::chrono::milliseconds delay, std::function<void()> action);
  void run_or_keep(std::uint64_t process, const std::function<void()>& action);
  void say(protocol::Event event);

  void train(const protocol::TrainTrial& command);
  std::size_t resume(const std::string& path);
  void make_checkpoint(std::int64_t step);
  Checkpoint written(std::int64_t step);
  void measure(std::size_t evaluation);
  bool goes_wrong(std::size_t evaluation);
  void finish_work();
  void end(int exit_code, int signal);

  Parts parts_;
  Peer worker_;
  Random random_;
  std::chrono::milliseconds longest_death_;
  std::function<void(agent::Event)> post_;
  TrainerFaults faults_;

  std::uint64_t process_ = 0;  // its number
  bool is_alive_ = false;
  bool is_dying_ = false;
  bool frozen_ = false;
  std::uint64_t work_ = 0;  // its number; what belongs to earlier work does nothing
  std::optional<TrialPlan> plan_;
  std::vector<std::int64_t> evaluations_;       // of the plan
  std::string artifacts_dir_;                   // of the plan
  std::int64_t step_ = 0;                       // that the plan has come to
  std::vector<std::function<void()>> thawing_;  // what came while frozen
};

}  // namespace melsweep::simulation

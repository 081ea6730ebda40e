// A trainer's process in virtual time: says hello, measures, finishes; hangs, runs out of memory and dies.
// Trials of a group go on side by side, each at a pace of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/simulation/artifacts.h"
#include "tests/simulation/event_queue.h"
#include "tests/simulation/ledger.h"
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
  double forgets_one = 0.0;   // of a group: one of its trials is never done
  // What no trainer may do, for tests of the simulation.
  double keeps_talking = 0.0;  // of one that forgot a trial: so that it does not seem to hang
  double mixes_up = 0.0;       // of a group: two of its trials are taken for one another
};

class SimulatedTrainer final : public agent::Trainer {
 public:
  struct Parts {
    EventQueue& queue;
    Trace& trace;
    const Workload& workload;
    RunningTrials& running;
    Ledger& ledger;
    WorkerFiles& files;
  };

  // How all of its processes are.
  struct Traits {
    std::chrono::milliseconds longest_death{0};  // of one that is killed
    int max_group = 1;
  };

  // `post` takes what it does.
  SimulatedTrainer(const Parts& parts, Peer worker, Random random, const Traits& traits,
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
  // A trial that is being trained.
  struct Training {
    std::uint64_t number = 0;  // what belongs to another does nothing
    TrialPlan plan;
    std::vector<std::int64_t> evaluations;
    std::string artifacts_dir;
    TrialId name;           // in what is said of it
    std::int64_t step = 0;  // that it has come to
  };

  // Runs the action unless the process is gone or being killed by then.
  void later(std::chrono::milliseconds delay, std::function<void()> action);
  void run_or_keep(std::uint64_t process, const std::function<void()>& action);
  void say(protocol::Event event);

  void look_at_data();
  void train_group(std::vector<protocol::TrainTrial> trials);
  void train(const protocol::TrainTrial& command, TrialId name);
  void stop(TrialId trial);
  void stop_training(std::uint64_t number);
  void keep_talking();
  // Null: it has ended.
  Training* find(std::uint64_t number);
  std::size_t resume(Training& training, const std::string& path);
  void make_checkpoint(const Training& training);
  Checkpoint written(const Training& training);
  void measure(std::uint64_t number, std::size_t evaluation);
  void go_on(std::uint64_t number, std::size_t evaluation);
  void finish(const Training& training);
  bool goes_wrong(const Training& training, std::size_t evaluation);
  void fail(const Training& training, FailureKind kind, const char* why);
  void forget(std::uint64_t number);
  void forget_all();
  void end(int exit_code, int signal);

  Parts parts_;
  Peer worker_;
  Random random_;
  Traits traits_;
  std::function<void(agent::Event)> post_;
  TrainerFaults faults_;

  std::uint64_t process_ = 0;  // its number
  bool is_alive_ = false;
  bool is_dying_ = false;
  bool frozen_ = false;
  std::uint64_t last_number_ = 0;  // of a piece of work
  std::uint64_t looking_ = 0;      // at data; 0: it is not
  std::vector<Training> trainings_;
  std::vector<std::function<void()>> thawing_;  // what came while frozen
};

}  // namespace melsweep::simulation

// One trainer at a time, started at the latest when there is work, kept between pieces of work, ended when it
// misbehaves.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/model/assignment.h"
#include "shared/time/clock.h"
#include "worker/agent/events.h"
#include "worker/agent/trainer.h"

namespace melsweep::agent {

struct TrainerLimits {
  std::chrono::milliseconds hello{120'000};  // start to hello: loading libraries and waking a GPU
  std::chrono::milliseconds stop{10'000};    // a stop asked for to its end; then the process is killed
  // At work, from one event to the next: a process that hangs must not keep its lease for ever.
  std::chrono::milliseconds silence{600'000};
};

// The work ended because it was told to, without a result.
struct WorkStopped {};

// The work's trainer had several trials at once and is no more: whichever of them was to blame, if any.
struct GroupDied {};

// What the trainer's doings mean for a piece of work that it was given. All but the first four end it.
using News = std::variant<Progress, MetricsReport, protocol::Resumed, protocol::Checkpointed, DatasetReport,
                          protocol::Finished, Failure, WorkStopped, GroupDied>;

struct WorkNews {
  TrialId trial{};  // 0: the look at data
  News what;
};

// The life of the process:
//
//   kAbsent -warm_up-> kStarting -hello-> kIdle
//   kAbsent -run-> kStarting -hello-> kBusy -end of all its work-> kIdle -run-> kBusy
//                                     kBusy -all of it is to stop-> kStopping -end of all its work-> kIdle
//   kStarting, kIdle, kBusy, kStopping -misbehaviour, a limit, kill()-> kDying
//   any but kAbsent -the process ended-> kAbsent
enum class TrainerState { kAbsent, kStarting, kIdle, kBusy, kStopping, kDying };

// Not thread-safe. Every function that can bring news returns it. Works go by the trial's number, 0 for a
// look at data.
class TrainerSupervisor {
 public:
  // `trainer` outlives this.
  TrainerSupervisor(Trainer& trainer, TrainerLimits limits) : trainer_(trainer), limits_(limits) {}

  // Starts a process where there is none, so that its hello is known before there is work for it. What goes
  // wrong with it comes to nothing more than the log.
  void warm_up(MonotonicTime now);

  // Gives it work, a PrepareData, TrainTrial or TrainGroup; it must have none. Starts a process where there
  // is none.
  std::vector<WorkNews> run(protocol::Command work, MonotonicTime now);

  // Ends one work, and does not disturb the others; news of its end follow. Nothing happens where it is not
  // at that work.
  void stop(TrialId trial, MonotonicTime now);

  // Ends all work without giving the process time to end by itself.
  void kill();

  // Ends the process as one that is at fault. "the trainer ...".
  void dismiss(const std::string& what);

  std::vector<WorkNews> on_said(const protocol::Event& event, MonotonicTime now);
  std::vector<WorkNews> on_ended(const ProcessEnd& end, MonotonicTime now);
  void on_broke(const absl::Status& status);
  void on_time(MonotonicTime now);

  // When on_time() has something to do.
  std::optional<MonotonicTime> deadline() const;

  TrainerState state() const { return state_; }
  bool has_work() const { return !open_.empty(); }
  bool is_at(TrialId trial) const;

  // As the latest hello said; empty before the first.
  const std::string& device() const { return device_; }
  // The same: how many trials it takes at once; 1 before the first.
  int max_group() const { return max_group_; }

 private:
  // What the trainer was given and has not ended.
  struct OpenWork {
    TrialId trial;
    bool stop_asked = false;
    std::optional<MonotonicTime> stop_until{};  // set once the trainer was told
  };

  absl::Status start(MonotonicTime now);
  std::vector<WorkNews> start_for_work(MonotonicTime now);
  std::vector<WorkNews> on_hello(const protocol::Hello& hello, MonotonicTime now);
  void on_said_idle(const protocol::Event& event);
  std::vector<WorkNews> on_progress(const protocol::ProgressMade& made) const;
  std::vector<WorkNews> on_said_at_work(const protocol::Event& event);
  const OpenWork* spoken_of(TrialId named) const;
  bool is_group() const { return std::holds_alternative<protocol::TrainGroup>(command_); }
  bool is_all_to_stop() const;
  std::vector<WorkNews> drop_stopped();
  std::vector<WorkNews> fail_all(const Failure& failure);
  std::vector<WorkNews> finish(TrialId trial, News news);
  void settle();
  void be_busy(MonotonicTime now);
  void give_up(Failure reason);
  bool tell(const protocol::Command& command);
  void kill_process();

  Trainer& trainer_;
  TrainerLimits limits_;
  TrainerState state_ = TrainerState::kAbsent;
  protocol::Command command_;              // the latest work
  bool is_told_ = false;                   // the process has it
  std::vector<OpenWork> open_;             // of the command
  std::optional<Failure> failure_;         // why the process is being killed, where that is the work's fault
  std::optional<MonotonicTime> deadline_;  // of the hello or the next event
  std::string device_;                     // as the latest hello said, like the name
  std::string trainer_name_;               // with its version
  int max_group_ = 1;
};

}  // namespace melsweep::agent

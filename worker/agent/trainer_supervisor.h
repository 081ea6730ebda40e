// One trainer at a time, started when there is work, kept between pieces of work, ended when it misbehaves.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

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

// What the trainer's doings mean for the work it was given. All but the first four end it.
using WorkNews = std::variant<Progress, MetricsReport, protocol::Resumed, protocol::Checkpointed,
                              DatasetReport, CompletedReport, Failure, WorkStopped>;

// The life of the process:
//
//   kAbsent -run-> kStarting -hello-> kBusy -end of the work-> kIdle -run-> kBusy
//                                     kBusy -stop-> kStopping -end of the work-> kIdle
//   kStarting, kIdle, kBusy, kStopping -misbehaviour, a limit, kill()-> kDying
//   any but kAbsent -the process ended-> kAbsent
enum class TrainerState { kAbsent, kStarting, kIdle, kBusy, kStopping, kDying };

// Not thread-safe. Every function that can bring news returns it.
class TrainerSupervisor {
 public:
  // `trainer` outlives this.
  TrainerSupervisor(Trainer& trainer, TrainerLimits limits) : trainer_(trainer), limits_(limits) {}

  // Gives it work, a PrepareData or a TrainTrial; it must have none. Starts a process where there is none.
  std::optional<WorkNews> run(protocol::Command work, MonotonicTime now);

  // Ends the work; news of its end follow. Without work, nothing happens.
  void stop(MonotonicTime now);

  // The same, without giving the process time to end by itself.
  void kill();

  std::optional<WorkNews> on_said(const protocol::Event& event, MonotonicTime now);
  std::optional<WorkNews> on_broke(const absl::Status& status);
  std::optional<WorkNews> on_ended(const ProcessEnd& end, MonotonicTime now);
  void on_time(MonotonicTime now);

  // When on_time() has something to do.
  std::optional<MonotonicTime> deadline() const { return deadline_; }

  TrainerState state() const { return state_; }
  bool has_work() const { return work_.has_value(); }

  // As the latest hello said; empty before the first.
  const std::string& device() const { return device_; }

 private:
  std::optional<WorkNews> start(MonotonicTime now);
  std::optional<WorkNews> on_said_idle(const protocol::Event& event);
  void be_busy(MonotonicTime now);
  std::optional<WorkNews> on_hello(const protocol::Hello& hello, MonotonicTime now);
  std::optional<WorkNews> finish_work(WorkNews news);
  std::optional<WorkNews> refuse(const std::string& what);
  void give_up(Failure reason);
  bool tell(const protocol::Command& command);
  void kill_process();

  Trainer& trainer_;
  TrainerLimits limits_;
  TrainerState state_ = TrainerState::kAbsent;
  std::optional<protocol::Command> work_;
  bool stop_asked_ = false;         // of the work
  std::optional<Failure> failure_;  // why the process is being killed, where that is the work's fault
  std::optional<MonotonicTime> deadline_;
  std::string device_;        // as the latest hello said, like the name
  std::string trainer_name_;  // with its version
};

}  // namespace melsweep::agent

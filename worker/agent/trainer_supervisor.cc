#include "worker/agent/trainer_supervisor.h"

#include <spdlog/spdlog.h>
#include <string.h>

#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"

namespace melsweep::agent {
namespace {

Failure internal_failure(std::string message) {
  return {FailureKind::kInternal, std::move(message)};
}

// "was killed by signal 9 (Killed)" or "ended with exit code 1", and what it said last.
std::string describe(const ProcessEnd& end) {
  std::string text =
      end.signal != 0 ? absl::StrCat("was killed by signal ", end.signal, " (", ::strsignal(end.signal), ")")
                      : absl::StrCat("ended with exit code ", end.exit_code);
  if (!end.last_words.empty()) absl::StrAppend(&text, "; its last words:\n", end.last_words);
  return text;
}

// A process that said so of itself may be in no state to go on.
bool leaves_trainer_usable(FailureKind kind) {
  return kind == FailureKind::kBadData || kind == FailureKind::kBadConfiguration;
}

}  // namespace

std::optional<WorkNews> TrainerSupervisor::run(protocol::Command work, MonotonicTime now) {
  assert(!work_);
  work_ = std::move(work);
  stop_asked_ = false;
  failure_.reset();
  if (state_ == TrainerState::kAbsent) return start(now);
  if (state_ == TrainerState::kIdle) {
    be_busy(now);
    // One that died since its last work takes nothing; the next process gets it, as it does while this one is
    // dying.
    if (!tell(*work_)) kill_process();
  }
  return std::nullopt;
}

std::optional<WorkNews> TrainerSupervisor::start(MonotonicTime now) {
  if (const absl::Status status = trainer_.start(); !status.ok()) {
    return finish_work(Failure{FailureKind::kTrainerDied, std::string(status.message())});
  }
  state_ = TrainerState::kStarting;
  deadline_ = now + limits_.hello;
  return std::nullopt;
}

void TrainerSupervisor::stop(MonotonicTime now) {
  if (!work_ || stop_asked_) return;
  stop_asked_ = true;
  if (state_ == TrainerState::kBusy) {
    state_ = TrainerState::kStopping;
    deadline_ = now + limits_.stop;
    if (!tell(protocol::StopWork{})) kill_process();
  } else if (state_ == TrainerState::kStarting) {
    kill_process();
  }
}

void TrainerSupervisor::kill() {
  stop_asked_ = true;
  kill_process();
}

std::optional<WorkNews> TrainerSupervisor::on_said(const protocol::Event& event, MonotonicTime now) {
  if (state_ == TrainerState::kDying) return std::nullopt;  // written before it was killed
  if (state_ == TrainerState::kBusy) be_busy(now);
  if (const auto* hello = std::get_if<protocol::Hello>(&event)) return on_hello(*hello, now);
  if (state_ == TrainerState::kStarting) return refuse("did not say hello first");
  if (!work_) return on_said_idle(event);
  if (const auto* made = std::get_if<protocol::ProgressMade>(&event)) return made->progress;
  if (const auto* failed = std::get_if<protocol::Failed>(&event)) {
    if (leaves_trainer_usable(failed->failure.kind)) return finish_work(failed->failure);
    give_up(failed->failure);
    return std::nullopt;
  }
  if (std::holds_alternative<protocol::Stopped>(event)) {
    if (!stop_asked_) return refuse("stopped unasked");
    return finish_work(WorkStopped{});
  }
  const bool is_trial = std::holds_alternative<protocol::TrainTrial>(*work_);
  if (const auto* prepared = std::get_if<protocol::DataPrepared>(&event); prepared && !is_trial) {
    DatasetReport report = prepared->report;
    report.trainer = trainer_name_;
    return finish_work(std::move(report));
  }
  if (const auto* measured = std::get_if<protocol::MetricsMeasured>(&event); measured && is_trial) {
    return MetricsReport{measured->points};
  }
  if (const auto* made = std::get_if<protocol::Checkpointed>(&event); made && is_trial) return *made;
  if (const auto* resumed = std::get_if<protocol::Resumed>(&event); resumed && is_trial) return *resumed;
  if (const auto* finished = std::get_if<protocol::Finished>(&event); finished && is_trial) {
    return finish_work(CompletedReport{finished->checkpoint, finished->evaluation});
  }
  return refuse("answered a command with what belongs to another");
}

std::optional<WorkNews> TrainerSupervisor::on_said_idle(const protocol::Event& event) {
  // The answer to a stop that crossed the end of the work, or what is left of its progress.
  const bool is_late = std::holds_alternative<protocol::Stopped>(event) ||
                       std::holds_alternative<protocol::ProgressMade>(event);
  return is_late ? std::nullopt : refuse("spoke of work that it was not given");
}

std::optional<WorkNews> TrainerSupervisor::on_hello(const protocol::Hello& hello, MonotonicTime now) {
  if (state_ != TrainerState::kStarting) return refuse("said hello twice");
  if (hello.protocol != protocol::kVersion) {
    return refuse(absl::StrCat("(", hello.trainer, ") speaks protocol ", hello.protocol, ", and this worker ",
                               protocol::kVersion, ": install a worker and a trainer that go together"));
  }
  spdlog::info("trainer ready: {} on {}", hello.trainer, hello.device);
  device_ = hello.device;
  trainer_name_ = hello.trainer;
  assert(work_);  // a process is started for work, and does not outlive a stop before its hello
  be_busy(now);
  if (!tell(*work_)) give_up({FailureKind::kTrainerDied, "the trainer takes no commands"});
  return std::nullopt;
}

std::optional<WorkNews> TrainerSupervisor::on_broke(const absl::Status& status) {
  if (state_ == TrainerState::kDying || state_ == TrainerState::kAbsent) return std::nullopt;
  return refuse(absl::StrCat("cannot be understood: ", std::string(status.message())));
}

std::optional<WorkNews> TrainerSupervisor::on_ended(const ProcessEnd& end, MonotonicTime now) {
  const TrainerState before = state_;
  state_ = TrainerState::kAbsent;
  deadline_.reset();
  if (!work_) {
    if (before != TrainerState::kDying) spdlog::warn("the idle trainer {}", describe(end));
    return std::nullopt;
  }
  if (stop_asked_) return finish_work(WorkStopped{});
  if (failure_) {
    if (failure_->kind == FailureKind::kTrainerDied) {
      absl::StrAppend(&failure_->message, "; the process ", describe(end));
    }
    return finish_work(*failure_);
  }
  // Given while the process before this one was dying.
  if (before == TrainerState::kDying) return start(now);
  return finish_work(Failure{FailureKind::kTrainerDied, absl::StrCat("the trainer ", describe(end))});
}

void TrainerSupervisor::be_busy(MonotonicTime now) {
  state_ = TrainerState::kBusy;
  deadline_ = now + limits_.silence;
}

void TrainerSupervisor::on_time(MonotonicTime now) {
  if (!deadline_ || now < *deadline_) return;
  if (state_ == TrainerState::kStarting) {
    give_up(internal_failure(absl::StrCat("the trainer did not say hello within ",
                                          limits_.hello.count() / 1000, " s of its start")));
  } else if (state_ == TrainerState::kBusy) {
    give_up({FailureKind::kTrainerDied,
             absl::StrCat("the trainer said nothing for ", limits_.silence.count() / 1000, " s")});
  } else if (state_ == TrainerState::kStopping) {
    spdlog::warn("the trainer did not stop within {} s: killing it", limits_.stop.count() / 1000);
    kill_process();
  }
  deadline_.reset();
}

std::optional<WorkNews> TrainerSupervisor::finish_work(WorkNews news) {
  work_.reset();
  stop_asked_ = false;
  failure_.reset();
  if (state_ == TrainerState::kBusy || state_ == TrainerState::kStopping) {
    state_ = TrainerState::kIdle;
    deadline_.reset();
  }
  return news;
}

// The news of the work come when the process is gone, so that what takes its place finds the machine free.
std::optional<WorkNews> TrainerSupervisor::refuse(const std::string& what) {
  give_up(internal_failure(absl::StrCat("the trainer ", what)));
  return std::nullopt;
}

void TrainerSupervisor::give_up(Failure reason) {
  spdlog::warn("{}: ending it", reason.message);
  if (work_) failure_ = std::move(reason);
  kill_process();
}

bool TrainerSupervisor::tell(const protocol::Command& command) {
  const absl::Status status = trainer_.tell(command);
  if (!status.ok()) spdlog::warn("the trainer does not take a command: {}", std::string(status.message()));
  return status.ok();
}

void TrainerSupervisor::kill_process() {
  if (state_ == TrainerState::kAbsent || state_ == TrainerState::kDying) return;
  state_ = TrainerState::kDying;
  deadline_.reset();
  trainer_.kill();
}

}  // namespace melsweep::agent

#include "worker/agent/trainer_supervisor.h"

#include <spdlog/spdlog.h>
#include <string.h>

#include <algorithm>
#include <cassert>
#include <type_traits>
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

std::vector<TrialId> trials_of(const protocol::Command& command) {
  if (const auto* trial = std::get_if<protocol::TrainTrial>(&command)) return {trial->plan.id};
  std::vector<TrialId> trials;
  if (const auto* group = std::get_if<protocol::TrainGroup>(&command)) {
    for (const protocol::TrainTrial& trial : group->trials) trials.push_back(trial.plan.id);
  } else {
    trials.emplace_back();
  }
  return trials;
}

// The trial that the event names; 0 where it names none.
TrialId trial_named_by(const protocol::Event& event) {
  return std::visit(
      [](const auto& said) -> TrialId {
        using Said = std::decay_t<decltype(said)>;
        if constexpr (std::is_same_v<Said, protocol::Hello> || std::is_same_v<Said, protocol::DataPrepared>) {
          return {};
        } else {
          return said.trial;
        }
      },
      event);
}

// What may come of work that has ended: the answer to a stop that crossed its end, or what is left of its
// progress.
bool may_be_late(const protocol::Event& event) {
  return std::holds_alternative<protocol::Stopped>(event) ||
         std::holds_alternative<protocol::ProgressMade>(event);
}

}  // namespace

std::vector<WorkNews> TrainerSupervisor::run(protocol::Command work, MonotonicTime now) {
  assert(open_.empty());
  for (const TrialId trial : trials_of(work)) open_.push_back({trial});
  command_ = std::move(work);
  is_told_ = false;
  failure_.reset();
  if (state_ == TrainerState::kAbsent) return start_for_work(now);
  if (state_ == TrainerState::kIdle) {
    be_busy(now);
    // One that died since its last work takes nothing; the next process gets it, as it does while this one is
    // dying.
    is_told_ = tell(command_);
    if (!is_told_) kill_process();
  }
  return {};
}

absl::Status TrainerSupervisor::start(MonotonicTime now) {
  absl::Status status = trainer_.start();
  if (status.ok()) {
    state_ = TrainerState::kStarting;
    deadline_ = now + limits_.hello;
  }
  return status;
}

std::vector<WorkNews> TrainerSupervisor::start_for_work(MonotonicTime now) {
  const absl::Status status = start(now);
  if (status.ok()) return {};
  return fail_all({FailureKind::kTrainerDied, std::string(status.message())});
}

void TrainerSupervisor::warm_up(MonotonicTime now) {
  if (state_ != TrainerState::kAbsent) return;
  if (const absl::Status status = start(now); !status.ok()) spdlog::warn("{}", std::string(status.message()));
}

void TrainerSupervisor::stop(TrialId trial, MonotonicTime now) {
  const auto work =
      std::find_if(open_.begin(), open_.end(), [&](const OpenWork& open) { return open.trial == trial; });
  if (work == open_.end() || work->stop_asked) return;
  work->stop_asked = true;
  if (state_ == TrainerState::kBusy) {
    work->stop_until = now + limits_.stop;
    settle();
    if (!tell(protocol::StopWork{is_group() ? trial : TrialId{}})) kill_process();
  } else if (state_ == TrainerState::kStarting && is_all_to_stop()) {
    kill_process();
  }
}

void TrainerSupervisor::kill() {
  for (OpenWork& work : open_) work.stop_asked = true;
  kill_process();
}

void TrainerSupervisor::dismiss(const std::string& what) {
  if (state_ == TrainerState::kDying || state_ == TrainerState::kAbsent) return;
  give_up(internal_failure(absl::StrCat("the trainer ", what)));
}

std::vector<WorkNews> TrainerSupervisor::on_said(const protocol::Event& event, MonotonicTime now) {
  if (state_ == TrainerState::kDying) return {};  // written before it was killed
  if (state_ == TrainerState::kBusy) be_busy(now);
  if (const auto* hello = std::get_if<protocol::Hello>(&event)) return on_hello(*hello, now);
  if (state_ == TrainerState::kStarting) {
    dismiss("did not say hello first");
  } else if (open_.empty()) {
    on_said_idle(event);
  } else if (const auto* made = std::get_if<protocol::ProgressMade>(&event)) {
    return on_progress(*made);
  } else {
    return on_said_at_work(event);
  }
  return {};
}

void TrainerSupervisor::on_said_idle(const protocol::Event& event) {
  if (!may_be_late(event)) dismiss("spoke of work that it was not given");
}

// That of all, where it names no trial.
std::vector<WorkNews> TrainerSupervisor::on_progress(const protocol::ProgressMade& made) const {
  std::vector<WorkNews> news;
  for (const OpenWork& work : open_) {
    if (made.trial == TrialId{} || made.trial == work.trial) news.push_back({work.trial, made.progress});
  }
  return news;
}

// Null: none that it is at.
const TrainerSupervisor::OpenWork* TrainerSupervisor::spoken_of(TrialId named) const {
  if (!is_group() && named == TrialId{}) return &open_.front();
  const auto work =
      std::find_if(open_.begin(), open_.end(), [&](const OpenWork& open) { return open.trial == named; });
  return work == open_.end() ? nullptr : &*work;
}

std::vector<WorkNews> TrainerSupervisor::on_said_at_work(const protocol::Event& event) {
  const OpenWork* work = spoken_of(trial_named_by(event));
  if (work == nullptr) {
    if (!may_be_late(event)) dismiss("spoke of a trial that it is not at");
    return {};
  }
  const TrialId trial = work->trial;
  if (const auto* failed = std::get_if<protocol::Failed>(&event)) {
    if (leaves_trainer_usable(failed->failure.kind)) return finish(trial, failed->failure);
    give_up(failed->failure);
    return {};
  }
  if (std::holds_alternative<protocol::Stopped>(event)) {
    if (work->stop_asked) return finish(trial, WorkStopped{});
    dismiss("stopped unasked");
    return {};
  }
  const bool is_trial = !std::holds_alternative<protocol::PrepareData>(command_);
  if (const auto* prepared = std::get_if<protocol::DataPrepared>(&event); prepared && !is_trial) {
    DatasetReport report = prepared->report;
    report.trainer = trainer_name_;
    return finish(trial, std::move(report));
  }
  if (const auto* measured = std::get_if<protocol::MetricsMeasured>(&event); measured && is_trial) {
    return {{trial, MetricsReport{measured->points}}};
  }
  if (const auto* made = std::get_if<protocol::Checkpointed>(&event); made && is_trial)
    return {{trial, *made}};
  if (const auto* resumed = std::get_if<protocol::Resumed>(&event); resumed && is_trial) {
    return {{trial, *resumed}};
  }
  if (const auto* finished = std::get_if<protocol::Finished>(&event); finished && is_trial) {
    return finish(trial, *finished);
  }
  dismiss("answered a command with what belongs to another");
  return {};
}

std::vector<WorkNews> TrainerSupervisor::on_hello(const protocol::Hello& hello, MonotonicTime now) {
  if (state_ != TrainerState::kStarting) {
    dismiss("said hello twice");
    return {};
  }
  if (hello.protocol != protocol::kVersion) {
    dismiss(absl::StrCat("(", hello.trainer, ") speaks protocol ", hello.protocol, ", and this worker ",
                         protocol::kVersion, ": install a worker and a trainer that go together"));
    return {};
  }
  spdlog::info("trainer ready: {} on {}", hello.trainer, hello.device);
  device_ = hello.device;
  trainer_name_ = hello.trainer;
  max_group_ = hello.max_group;
  std::vector<WorkNews> news = drop_stopped();
  be_busy(now);
  if (open_.empty()) {
    settle();
    return news;
  }
  is_told_ = tell(command_);
  if (!is_told_) give_up({FailureKind::kTrainerDied, "the trainer takes no commands"});
  return news;
}

void TrainerSupervisor::on_broke(const absl::Status& status) {
  dismiss(absl::StrCat("cannot be understood: ", std::string(status.message())));
}

std::vector<WorkNews> TrainerSupervisor::on_ended(const ProcessEnd& end, MonotonicTime now) {
  const TrainerState before = std::exchange(state_, TrainerState::kAbsent);
  deadline_.reset();
  if (open_.empty()) {
    if (before != TrainerState::kDying) spdlog::warn("the idle trainer {}", describe(end));
    return {};
  }
  std::vector<WorkNews> news = drop_stopped();
  if (open_.empty()) return news;
  std::vector<WorkNews> others;
  if (failure_) {
    if (failure_->kind == FailureKind::kTrainerDied) {
      absl::StrAppend(&failure_->message, "; the process ", describe(end));
    }
    others = fail_all(*failure_);
  } else if (before == TrainerState::kDying && !is_told_) {
    others = start_for_work(now);  // given while the process before this one was dying
  } else {
    others = fail_all({FailureKind::kTrainerDied, absl::StrCat("the trainer ", describe(end))});
  }
  news.insert(news.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  return news;
}

std::optional<MonotonicTime> TrainerSupervisor::deadline() const {
  if (state_ == TrainerState::kAbsent || state_ == TrainerState::kDying) return std::nullopt;
  std::optional<MonotonicTime> earliest = deadline_;
  for (const OpenWork& work : open_) {
    if (work.stop_until && (!earliest || *work.stop_until < *earliest)) earliest = work.stop_until;
  }
  return earliest;
}

bool TrainerSupervisor::is_at(TrialId trial) const {
  return std::any_of(open_.begin(), open_.end(), [&](const OpenWork& work) { return work.trial == trial; });
}

bool TrainerSupervisor::is_all_to_stop() const {
  return std::all_of(open_.begin(), open_.end(), [](const OpenWork& work) { return work.stop_asked; });
}

// Those that are to stop and were not begun, or whose process is gone.
std::vector<WorkNews> TrainerSupervisor::drop_stopped() {
  std::vector<WorkNews> news;
  for (const OpenWork& work : open_) {
    if (work.stop_asked) news.push_back({work.trial, WorkStopped{}});
  }
  std::erase_if(open_, [](const OpenWork& work) { return work.stop_asked; });
  if (auto* group = std::get_if<protocol::TrainGroup>(&command_)) {
    std::erase_if(group->trials, [this](const protocol::TrainTrial& trial) { return !is_at(trial.plan.id); });
  }
  return news;
}

// Of trials that were together it cannot be said which is to blame: none is.
std::vector<WorkNews> TrainerSupervisor::fail_all(const Failure& failure) {
  if (is_group()) spdlog::warn("{}: giving back the {} trials it was at", failure.message, open_.size());
  std::vector<WorkNews> news;
  for (const OpenWork& work : std::exchange(open_, {})) {
    news.push_back({work.trial, is_group() ? News(GroupDied{}) : News(failure)});
  }
  return news;
}

std::vector<WorkNews> TrainerSupervisor::finish(TrialId trial, News news) {
  std::erase_if(open_, [&](const OpenWork& work) { return work.trial == trial; });
  settle();
  return {{trial, std::move(news)}};
}

// The state of a process that may still be at work, as its works have it.
void TrainerSupervisor::settle() {
  if (state_ != TrainerState::kBusy && state_ != TrainerState::kStopping) return;
  if (open_.empty()) {
    state_ = TrainerState::kIdle;
  } else if (is_all_to_stop()) {
    state_ = TrainerState::kStopping;
  } else {
    return;
  }
  deadline_.reset();
}

void TrainerSupervisor::be_busy(MonotonicTime now) {
  state_ = TrainerState::kBusy;
  deadline_ = now + limits_.silence;
}

void TrainerSupervisor::on_time(MonotonicTime now) {
  const std::optional<MonotonicTime> due = deadline();
  if (!due || now < *due) return;
  if (state_ == TrainerState::kStarting) {
    dismiss(absl::StrCat("did not say hello within ", limits_.hello.count() / 1000, " s of its start"));
  } else if (due == deadline_) {
    give_up({FailureKind::kTrainerDied,
             absl::StrCat("the trainer said nothing for ", limits_.silence.count() / 1000, " s")});
  } else {
    spdlog::warn("the trainer did not stop within {} s: killing it", limits_.stop.count() / 1000);
    kill_process();
  }
}

void TrainerSupervisor::give_up(Failure reason) {
  spdlog::warn("{}: ending it", reason.message);
  // The news of the work come when the process is gone, so that what takes its place finds the machine free.
  if (!open_.empty()) failure_ = std::move(reason);
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

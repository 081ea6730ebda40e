#include "worker/agent/agent.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace melsweep::agent {
namespace {

// What another machine, or this one when it has recovered, may well do: the work itself is not to blame.
bool is_of_this_machine(FailureKind kind) {
  return kind == FailureKind::kTrainerDied || kind == FailureKind::kOutOfMemory ||
         kind == FailureKind::kInternal;
}

std::string describe(const WorkRef& work) {
  if (const auto* prepare = std::get_if<PrepareRef>(&work)) {
    return absl::StrCat("the data of sweep ", prepare->sweep.value);
  }
  const auto& attempt = std::get<AttemptRef>(work);
  return absl::StrCat("trial ", attempt.trial.value, ", attempt ", attempt.epoch);
}

}  // namespace

Agent::Agent(AgentOptions options, const Parts& parts, std::function<RequestId()> make_request_id,
             std::uint64_t jitter_seed)
    : options_(std::move(options)),
      link_(parts.link),
      trainer_(parts.trainer, options_.trainer),
      artifacts_(parts.artifacts),
      make_request_id_(std::move(make_request_id)),
      random_(jitter_seed),
      exchange_(parts.transfer, options_.backoff, random_) {}

void Agent::start(MonotonicTime now) {
  make_calls(now);
}

void Agent::handle(const Event& event, MonotonicTime now) {
  if (exit_code_) return;
  // Before the event: a process that was suspended past its lease must not act on what it finds waiting.
  check_lease(now);
  std::visit([&](const auto& one) { on(one, now); }, event);
  report_ending_if_stored();
  discard_leftovers();
  if (exit_code_) return;
  make_calls(now);
  finish_drain(now);
}

void Agent::on(const TrainerSaid& said, MonotonicTime now) {
  on_news(trainer_.on_said(said.event, now), now);
}

void Agent::on(const TrainerBroke& broke, MonotonicTime now) {
  on_news(trainer_.on_broke(broke.status), now);
}

void Agent::on(const TrainerEnded& ended, MonotonicTime now) {
  on_news(trainer_.on_ended(ended.end, now), now);
}

void Agent::on(const TimePassed&, MonotonicTime now) {
  trainer_.on_time(now);
  const std::optional<MonotonicTime> until = storing_until();
  if (!until || now < *until) return;
  spdlog::warn("leaving without the latest checkpoint of {}: it could not be stored in time",
               describe(work_->ref));
  report_ending();
}

void Agent::on(const ArtifactFetched& fetched, MonotonicTime now) {
  exchange_.on(fetched, now);
  if (work_ && work_->phase == Phase::kGiven) run_if_ready(now);
}

void Agent::on(const ArtifactStored& stored, MonotonicTime now) {
  const std::optional<ExchangeNews> news = exchange_.on(stored, now);
  if (!news || !work_) return;
  if (const auto* checkpoint = std::get_if<CheckpointStored>(&*news)) {
    reports_.push({work_->ref, CheckpointReport{checkpoint->checkpoint}});
  } else if (const auto* lost = std::get_if<ResultLost>(&*news)) {
    work_->ending.reset();
    end_work(Failure{FailureKind::kInternal, absl::StrCat("the trained model cannot be stored: ",
                                                          std::string(lost->status.message()))},
             now);
  } else if (std::holds_alternative<AttemptLost>(*news)) {
    abandon(now);
  } else if (std::holds_alternative<WorkerUnknown>(*news)) {
    registered_ = false;
  }
}

void Agent::on(const StopRequested& request, MonotonicTime now) {
  if (!stop_requested_at_) {
    stop_requested_at_ = now;
    drain(request.reason, now);
  } else if (now >= *stop_requested_at_ + options_.stop_again_after) {
    spdlog::warn("told to stop twice: leaving at once");
    trainer_.kill();
    exit_code_ = 2;
  }
}

// Nothing happens where that is under way.
void Agent::drain(ReleaseReason reason, MonotonicTime now) {
  if (drain_until_) return;
  spdlog::info("stopping: giving back what is being done");
  drain_reason_ = reason;
  drain_until_ = now + options_.trainer.stop + options_.release;
  if (lease_.in_flight()) link_.cancel_lease();
  lease_.set_not_before(now);
  if (work_) give_back(reason, now);
}

// Of work that has ended already nothing is given back.
void Agent::give_back(ReleaseReason reason, MonotonicTime now) {
  if (!work_->release) work_->release = reason;
  if (work_->phase == Phase::kGiven) {
    end_work(ReleasedReport{*work_->release}, now);
  } else if (work_->phase == Phase::kRunning) {
    trainer_.stop(now);
  }
}

void Agent::take_on(const Assignment& assignment, MonotonicTime now) {
  // The lease began after the question. How long after cannot be known: the answer may have been long on its
  // way, or this process suspended when it came.
  work_ =
      Work{assignment,        work_of(assignment),   Phase::kGiven, lease_.started_at() + terms_->lease_ttl,
           terms_->lease_ttl, folder_for(assignment)};
  heartbeat_.set_not_before(now);  // firms up the lease, and learns at once if it is gone already
  if (const auto* trial = std::get_if<TrialAssignment>(&assignment)) {
    exchange_.begin({terms_->store, trial->plan.sweep, {trial->plan.id, trial->epoch}, work_->folder},
                    trial->checkpoints);
  }
  if (drain_until_) {
    give_back(drain_reason_, now);
    return;
  }
  spdlog::info("given {}", describe(work_->ref));
  run_if_ready(now);
}

// Otherwise the answer to a heartbeat, or the checkpoint's coming, will tell.
void Agent::run_if_ready(MonotonicTime now) {
  if (now >= work_->lease_until || exchange_.is_fetching()) return;
  work_->phase = Phase::kRunning;
  on_news(trainer_.run(command(), now), now);
}

protocol::Command Agent::command() const {
  if (const auto* prepare = std::get_if<PrepareAssignment>(&work_->assignment)) {
    return protocol::PrepareData{prepare->dataset, prepare->weights};
  }
  protocol::TrainTrial train{std::get<TrialAssignment>(work_->assignment).plan, work_->folder.string()};
  if (exchange_.resume_file()) train.resume_from = exchange_.resume_file()->path.string();
  train.checkpoint_every_s = std::chrono::duration<double>(options_.checkpoint_every).count();
  return train;
}

std::filesystem::path Agent::folder_for(const Assignment& assignment) const {
  const auto* trial = std::get_if<TrialAssignment>(&assignment);
  if (trial == nullptr) return {};
  return options_.artifacts_dir / terms_->store.value / absl::StrCat("sweep-", trial->plan.sweep.value) /
         absl::StrCat("trial-", trial->plan.id.value) / absl::StrCat("attempt-", trial->epoch);
}

void Agent::on_news(const std::optional<WorkNews>& news, MonotonicTime now) {
  if (!news || !work_) return;
  const bool is_running = work_->phase == Phase::kRunning;
  if (const auto* progress = std::get_if<Progress>(&*news)) {
    work_->progress = *progress;
  } else if (const auto* metrics = std::get_if<MetricsReport>(&*news)) {
    if (is_running) on_metrics(*metrics, now);
  } else if (const auto* resumed = std::get_if<protocol::Resumed>(&*news)) {
    if (is_running) on_resumed(*resumed, now);
  } else if (const auto* made = std::get_if<protocol::Checkpointed>(&*news)) {
    if (is_running) exchange_.offer(made->checkpoint);
  } else {
    on_trainer_done(*news, now);
  }
}

void Agent::on_trainer_done(const WorkNews& news, MonotonicTime now) {
  if (work_->phase == Phase::kAbandoned) {
    work_.reset();
  } else if (work_->phase == Phase::kStoring || work_->phase == Phase::kReporting) {
    return;  // the end of a trainer whose work has been given up
  } else if (work_->phase == Phase::kExpired) {
    end_work(ReleasedReport{ReleaseReason::kNoContact}, now);
  } else if (std::holds_alternative<WorkStopped>(news)) {
    end_work(ReleasedReport{work_->release.value_or(ReleaseReason::kDrained)}, now);
  } else if (const auto* dataset = std::get_if<DatasetReport>(&news)) {
    end_work(*dataset, now);
  } else if (const auto* completed = std::get_if<CompletedReport>(&news)) {
    end_work(*completed, now);
  } else if (const auto* failure = std::get_if<Failure>(&news)) {
    end_work(*failure, now);
  }
}

void Agent::on_metrics(const MetricsReport& metrics, MonotonicTime now) {
  reports_.push_metrics(work_->ref, metrics.points);
  if (reports_.pending_points() <= options_.max_pending_points) return;
  reports_.clear();
  trainer_.kill();
  end_work(Failure{FailureKind::kInternal,
                   absl::StrCat("the trainer measured more than ", options_.max_pending_points,
                                " points that could not be reported yet: it has to report less often")},
           now);
}

// Before anything that it measures.
void Agent::on_resumed(const protocol::Resumed& resumed, MonotonicTime now) {
  const std::optional<ResumeFile>& file = exchange_.resume_file();
  if (file && file->point.step == resumed.step) {
    reports_.push({work_->ref, ResumedReport{file->point}});
    return;
  }
  reports_.clear();
  trainer_.kill();
  end_work(Failure{FailureKind::kInternal,
                   absl::StrCat("the trainer went on from step ", resumed.step,
                                file ? ", and was told to go on from another" : ", and was not told to")},
           now);
}

void Agent::end_work(ReportEvent ending, MonotonicTime now) {
  const auto* failure = std::get_if<Failure>(&ending);
  if (failure != nullptr) {
    spdlog::warn("{} failed: {}", describe(work_->ref), failure->message);
    note_failure(failure->kind, now);
    if (!is_of_this_machine(failure->kind)) exchange_.end();  // nobody will go on from its checkpoints
  } else if (std::holds_alternative<ReleasedReport>(ending)) {
    spdlog::info("giving back {}", describe(work_->ref));
  } else {
    spdlog::info("done: {}", describe(work_->ref));
    failures_in_a_row_ = 0;
  }
  if (const auto* completed = std::get_if<CompletedReport>(&ending)) {
    exchange_.offer_result(completed->checkpoint);
  }
  work_->ending = std::move(ending);
  work_->phase = Phase::kStoring;
}

void Agent::report_ending_if_stored() {
  if (work_ && work_->phase == Phase::kStoring && !exchange_.is_storing()) report_ending();
}

void Agent::report_ending() {
  exchange_.end();
  leftovers_ = work_->folder;
  reports_.push({work_->ref, *std::exchange(work_->ending, std::nullopt)});
  work_->phase = Phase::kReporting;
}

// Until when a draining agent waits for its checkpoint to be stored: then giving the work back matters more.
std::optional<MonotonicTime> Agent::storing_until() const {
  const bool may_go_without = work_ && work_->phase == Phase::kStoring && !exchange_.has_result_to_store();
  if (!drain_until_ || !may_go_without) return std::nullopt;
  return *drain_until_ - options_.release / 2;
}

void Agent::note_failure(FailureKind kind, MonotonicTime now) {
  if (!is_of_this_machine(kind)) return;
  ++failures_in_a_row_;
  lease_.set_not_before(now + wire::backoff_delay(options_.after_failure, failures_in_a_row_, random_));
}

void Agent::abandon(MonotonicTime now) {
  spdlog::warn("{} is no longer ours: stopping it", describe(work_->ref));
  reports_.clear();
  exchange_.end();
  leftovers_ = work_->folder;
  if (!trainer_.has_work()) {
    work_.reset();
    return;
  }
  work_->phase = Phase::kAbandoned;
  trainer_.stop(now);
}

// Once nothing is written there any more.
void Agent::discard_leftovers() {
  if (leftovers_.empty() || trainer_.has_work() || !exchange_.is_idle()) return;
  artifacts_.discard(std::exchange(leftovers_, {}));
}

void Agent::check_lease(MonotonicTime now) {
  if (!work_ || work_->phase != Phase::kRunning || now < work_->lease_until) return;
  spdlog::warn("no word from the coordinator for {} s: ending {}, which it may give to another",
               terms_->lease_ttl.count() / 1000, describe(work_->ref));
  reports_.clear();
  exchange_.end();
  work_->phase = Phase::kExpired;
  trainer_.kill();
}

void Agent::finish_drain(MonotonicTime now) {
  if (!drain_until_) return;
  if (!work_ && !lease_request_ && exchange_.is_idle()) {
    exit_code_ = 0;
  } else if (now >= *drain_until_) {
    spdlog::warn("left with work that could not be given back: its lease has to run out");
    trainer_.kill();
    exit_code_ = 1;
  }
}

std::optional<MonotonicTime> Agent::next_deadline() const {
  std::optional<MonotonicTime> earliest;
  const auto consider = [&](std::optional<MonotonicTime> when) {
    if (when && (!earliest || *when < *earliest)) earliest = when;
  };
  if (wants_registration()) consider(register_.next_start());
  if (wants_lease()) consider(lease_.next_start());
  if (registered_) consider(heartbeat_.next_start());
  consider(report_due());
  if (work_ && work_->phase == Phase::kRunning) consider(work_->lease_until);
  consider(trainer_.deadline());
  if (registered_) consider(exchange_.next_deadline());
  consider(storing_until());
  consider(drain_until_);
  return earliest;
}

}  // namespace melsweep::agent

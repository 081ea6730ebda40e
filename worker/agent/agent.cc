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

protocol::Command command_for(const Assignment& assignment, const std::filesystem::path& folder) {
  if (const auto* prepare = std::get_if<PrepareAssignment>(&assignment)) {
    return protocol::PrepareData{prepare->dataset, prepare->weights};
  }
  return protocol::TrainTrial{std::get<TrialAssignment>(assignment).plan, folder.string()};
}

}  // namespace

Agent::Agent(AgentOptions options, CoordinatorLink& link, Trainer& trainer, Artifacts& artifacts,
             std::function<RequestId()> make_request_id, std::uint64_t jitter_seed)
    : options_(std::move(options)),
      link_(link),
      trainer_(trainer, options_.trainer),
      artifacts_(artifacts),
      make_request_id_(std::move(make_request_id)),
      random_(jitter_seed) {}

void Agent::start(MonotonicTime now) {
  make_calls(now);
}

void Agent::handle(const Event& event, MonotonicTime now) {
  if (exit_code_) return;
  // Before the event: a process that was suspended past its lease must not act on what it finds waiting.
  check_lease(now);
  std::visit([&](const auto& one) { on(one, now); }, event);
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
}

void Agent::on(const StopRequested&, MonotonicTime now) {
  if (drain_until_) {
    if (now < drain_since_ + options_.stop_again_after) return;
    spdlog::warn("told to stop twice: leaving at once");
    trainer_.kill();
    exit_code_ = 2;
    return;
  }
  spdlog::info("stopping: giving back what is being done");
  drain_since_ = now;
  drain_until_ = now + options_.trainer.stop + options_.release;
  if (lease_.in_flight()) link_.cancel_lease();
  lease_.set_not_before(now);
  if (!work_) return;
  if (work_->phase == Phase::kGiven) {
    end_work(ReleasedReport{}, now);
  } else if (work_->phase == Phase::kRunning) {
    trainer_.stop(now);
  }
}

void Agent::take_on(const Assignment& assignment, MonotonicTime now) {
  // The lease began after the question. How long after cannot be known: the answer may have been long on its
  // way, or this process suspended when it came.
  work_ = Work{assignment,
               work_of(assignment),
               Phase::kGiven,
               lease_.started_at() + terms_->lease_ttl,
               folder_for(assignment),
               {}};
  heartbeat_.set_not_before(now);  // firms up the lease, and learns at once if it is gone already
  if (drain_until_) {
    end_work(ReleasedReport{}, now);
    return;
  }
  spdlog::info("given {}", describe(work_->ref));
  run_if_leased(now);
}

// Otherwise the answer to a heartbeat will tell.
void Agent::run_if_leased(MonotonicTime now) {
  if (now >= work_->lease_until) return;
  work_->phase = Phase::kRunning;
  on_news(trainer_.run(command_for(work_->assignment, work_->folder), now), now);
}

std::filesystem::path Agent::folder_for(const Assignment& assignment) const {
  const auto* trial = std::get_if<TrialAssignment>(&assignment);
  if (trial == nullptr) return {};
  return options_.artifacts_dir / terms_->store.value / absl::StrCat("sweep-", trial->plan.sweep.value) /
         absl::StrCat("trial-", trial->plan.id.value) / absl::StrCat("attempt-", trial->epoch);
}

void Agent::on_news(const std::optional<WorkNews>& news, MonotonicTime now) {
  if (!news || !work_) return;
  if (const auto* progress = std::get_if<Progress>(&*news)) {
    work_->progress = *progress;
  } else if (const auto* metrics = std::get_if<MetricsReport>(&*news)) {
    if (work_->phase == Phase::kRunning) on_metrics(*metrics, now);
  } else if (work_->phase == Phase::kAbandoned) {
    work_.reset();
  } else if (work_->phase == Phase::kReporting) {
    return;  // the end of a trainer whose work has been given up
  } else if (work_->phase == Phase::kExpired || std::holds_alternative<WorkStopped>(*news)) {
    end_work(ReleasedReport{}, now);
  } else if (const auto* dataset = std::get_if<DatasetReport>(&*news)) {
    end_work(*dataset, now);
  } else if (const auto* completed = std::get_if<CompletedReport>(&*news)) {
    end_work(*completed, now);
  } else if (const auto* failure = std::get_if<Failure>(&*news)) {
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

void Agent::end_work(ReportEvent ending, MonotonicTime now) {
  const auto* failure = std::get_if<Failure>(&ending);
  if (failure != nullptr) {
    spdlog::warn("{} failed: {}", describe(work_->ref), failure->message);
    note_failure(failure->kind, now);
  } else if (std::holds_alternative<ReleasedReport>(ending)) {
    spdlog::info("giving back {}", describe(work_->ref));
  } else {
    spdlog::info("done: {}", describe(work_->ref));
    failures_in_a_row_ = 0;
    work_->completed = true;
  }
  if (!work_->completed) leftovers_ = work_->folder;
  reports_.push({work_->ref, std::move(ending)});
  work_->phase = Phase::kReporting;
}

void Agent::note_failure(FailureKind kind, MonotonicTime now) {
  if (!is_of_this_machine(kind)) return;
  ++failures_in_a_row_;
  lease_.set_not_before(now + wire::backoff_delay(options_.after_failure, failures_in_a_row_, random_));
}

void Agent::abandon(MonotonicTime now) {
  spdlog::warn("{} is no longer ours: stopping it", describe(work_->ref));
  reports_.clear();
  // Of a completed one the coordinator may have the result: its answer is what did not get here.
  if (!work_->completed) leftovers_ = work_->folder;
  if (!trainer_.has_work()) {
    work_.reset();
    return;
  }
  work_->phase = Phase::kAbandoned;
  trainer_.stop(now);
}

// Once the trainer is done with the work, and so writes no more.
void Agent::discard_leftovers() {
  if (leftovers_.empty() || trainer_.has_work()) return;
  artifacts_.discard(std::exchange(leftovers_, {}));
}

void Agent::check_lease(MonotonicTime now) {
  if (!work_ || work_->phase != Phase::kRunning || now < work_->lease_until) return;
  spdlog::warn("no word from the coordinator for {} s: ending {}, which it may give to another",
               terms_->lease_ttl.count() / 1000, describe(work_->ref));
  reports_.clear();
  work_->phase = Phase::kExpired;
  trainer_.kill();
}

void Agent::finish_drain(MonotonicTime now) {
  if (!drain_until_) return;
  if (!work_ && !lease_request_) {
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
  consider(drain_until_);
  return earliest;
}

}  // namespace melsweep::agent

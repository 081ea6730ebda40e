// The third of Agent that talks to the coordinator.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/log/fields.h"
#include "worker/agent/agent.h"
#include "worker/agent/transfer_turns.h"
#include "worker/agent/work_fields.h"

namespace melsweep::agent {
namespace {

constexpr char kUnknownDevice[] = "unknown";  // until a trainer has said hello

// Asking again, on this machine or with this program, cannot help.
bool is_final(absl::StatusCode code) {
  return code == absl::StatusCode::kInvalidArgument || code == absl::StatusCode::kUnauthenticated ||
         code == absl::StatusCode::kPermissionDenied || code == absl::StatusCode::kUnimplemented;
}

// The coordinator cannot take the report as it is: ill-formed, or too large for one message.
bool is_refusal(absl::StatusCode code) {
  return code == absl::StatusCode::kInvalidArgument || code == absl::StatusCode::kResourceExhausted ||
         code == absl::StatusCode::kOutOfRange;
}

}  // namespace

bool Agent::wants_registration() const {
  return !registered_ || (!trainer_.device().empty() && trainer_.device() != registered_device_);
}

bool Agent::wants_lease() const {
  if (drain_until_) return lease_request_.has_value();  // what was asked for may have been given
  // How much to ask for is known once the trainer is up, or cannot be.
  return registered_ && held_.empty() && !trainer_.has_work() && trainer_.state() != TrainerState::kStarting;
}

void Agent::make_calls(MonotonicTime now) {
  if (wants_registration() && register_.may_start(now)) call_register(now);
  if (wants_lease() && lease_.may_start(now)) call_lease(now);
  if (registered_ && heartbeat_.may_start(now)) call_heartbeat(now);
  if (registered_) make_transfers(exchanges(), now);
  if (const auto due = report_due(); due && now >= *due) call_report(now);
}

// Metrics wait for more of their kind; an end does not.
std::optional<MonotonicTime> Agent::report_due() const {
  const auto next = report_.next_start();
  if (reports_.empty() || !next) return std::nullopt;
  return reports_.is_urgent() ? *next : std::max(*next, report_.started_at() + options_.metrics_interval);
}

void Agent::call_register(MonotonicTime now) {
  register_.start(now);
  registered_device_ = trainer_.device().empty() ? kUnknownDevice : trainer_.device();
  link_.register_worker(registered_device_);
}

void Agent::call_lease(MonotonicTime now) {
  lease_.start(now);
  if (!lease_request_) {
    lease_request_ = make_request_id_();
    ++lease_requests_;
  }
  // Where the answer is lost, the same request is made again while what it was given is still ours.
  const auto wait = std::min(options_.lease_wait, terms_->lease_ttl / 2);
  link_.lease({.id = *lease_request_,
               .number = lease_requests_,
               .wait = drain_until_ ? std::chrono::milliseconds(0) : wait,
               .max_trials = trainer_.max_group()});
}

void Agent::call_heartbeat(MonotonicTime now) {
  heartbeat_.start(now);
  // A lost one leaves time for two more before the lease is over.
  const auto timeout = std::min(options_.heartbeat_timeout, terms_->lease_ttl / 3);
  std::vector<RunningWork> running;
  claimed_.clear();
  for (const auto& [trial, work] : held_) {
    if (!work.is_claimed()) continue;
    claimed_.insert(work.ref());
    running.push_back({work.ref(), work.progress});
  }
  link_.heartbeat(running, timeout);
}

void Agent::call_report(MonotonicTime now) {
  report_.start(now);
  const std::vector<WorkReport> batch = reports_.take_batch();
  for (const WorkReport& report : batch) reported_.insert(report.work);
  link_.report(batch);
}

void Agent::on(const RegisterAnswered& answer, MonotonicTime now) {
  note_contact(answer.terms.status());
  if (answer.terms.ok()) {
    register_.succeed();
    if (!registered_) spdlog::info("registered with the coordinator");
    if (!terms_) trainer_.warm_up(now);
    registered_ = true;
    terms_ = *answer.terms;
    return;
  }
  registered_device_.clear();
  register_.fail(options_.backoff, random_, now);
  if (is_final(answer.terms.status().code())) {
    spdlog::error("the coordinator refuses this worker: {}", std::string(answer.terms.status().message()));
    exit_code_ = 1;
  }
}

void Agent::on(const LeaseAnswered& answer, MonotonicTime now) {
  const absl::Status& status = answer.assignments.status();
  if (status.ok()) {
    note_contact(status);
    lease_.succeed();
    lease_request_.reset();
    take_on(*answer.assignments, now);
    return;
  }
  if (drain_until_ && absl::IsCancelled(status)) {
    lease_.end();  // by on(StopRequested): ask once more, without waiting
    return;
  }
  note_contact(status);
  if (absl::IsNotFound(status)) registered_ = false;
  // A coordinator that does not know us gave us nothing; one that cannot be asked twice keeps nobody from
  // leaving.
  if (absl::IsNotFound(status) || drain_until_) lease_request_.reset();
  lease_.fail(options_.backoff, random_, now);
}

void Agent::on(const HeartbeatAnswered& answered, MonotonicTime now) {
  note_contact(answered.answer.status());
  if (!answered.answer.ok()) {
    if (absl::IsNotFound(answered.answer.status())) registered_ = false;
    wire::BackoffPolicy backoff = options_.backoff;
    backoff.longest = std::min(backoff.longest, terms_->heartbeat_interval);
    heartbeat_.fail(backoff, random_, now);
    return;
  }
  heartbeat_.succeed();
  take_terms(*answered.answer);
  heartbeat_.set_not_before(heartbeat_.started_at() + terms_->heartbeat_interval);
  if (answered.answer->drain) drain(ReleaseReason::kDrained, now);
  for (auto& [trial, work] : held_) hear_of_work(work, *answered.answer, now);
}

void Agent::take_terms(const HeartbeatAnswer& answer) {
  if (answer.lease_ttl > std::chrono::milliseconds(0)) terms_->lease_ttl = answer.lease_ttl;
  if (answer.heartbeat_interval > std::chrono::milliseconds(0)) {
    terms_->heartbeat_interval = answer.heartbeat_interval;
  }
}

void Agent::hear_of_work(HeldWork& work, const HeartbeatAnswer& answer, MonotonicTime now) {
  const auto names_it = [&work](const std::vector<WorkRef>& works) {
    return std::find(works.begin(), works.end(), work.ref()) != works.end();
  };
  if (!claimed_.contains(work.ref())) {  // an answer to what was asked before the work was given
    if (work.phase() == WorkPhase::kGiven) heartbeat_.set_not_before(now);
    return;
  }
  if (names_it(answer.stop)) {
    // A report of its end that is under way may be why the coordinator holds it no more; the answer will
    // tell.
    const bool is_ending = work.phase() == WorkPhase::kReporting && !reported_.contains(work.ref());
    if (work.is_open() || is_ending) abandon(work, now);
    return;
  }
  work.keep_lease(heartbeat_.started_at(), terms_->lease_ttl);
  if (names_it(answer.give_back)) give_back(work, ReleaseReason::kPaused, now);
}

void Agent::on(const ReportAnswered& answer, MonotonicTime now) {
  note_contact(answer.status);
  const std::set<WorkRef> reported = std::exchange(reported_, {});
  if (answer.status.ok()) {
    report_.succeed();
    reports_.acknowledge();
    abandon_all(answer.stale, now);
    for (const WorkRef& ref : reported) on_recorded(ref);
  } else if (absl::IsFailedPrecondition(answer.status)) {
    report_.end();
    abandon_all({reported.begin(), reported.end()}, now);
  } else if (is_refusal(answer.status.code())) {
    report_.end();
    if (reported.size() == 1) {
      on_refused_report(*reported.begin(), answer.status, now);
    } else {
      reports_.give_back_apart();
    }
  } else {
    report_.fail(options_.backoff, random_, now);
    if (absl::IsNotFound(answer.status)) registered_ = false;
    reports_.give_back();
  }
}

void Agent::on_recorded(const WorkRef& ref) {
  HeldWork* work = find(ref);
  if (work == nullptr || !work->is_claimed()) return;
  work->keep_lease(report_.started_at(), terms_->lease_ttl);
  if (work->phase() == WorkPhase::kReporting && !reports_.has(ref)) work->let_go();
}

void Agent::abandon_all(const std::vector<WorkRef>& stale, MonotonicTime now) {
  for (const WorkRef& ref : stale) {
    HeldWork* work = find(ref);
    if (work != nullptr && work->phase() != WorkPhase::kOver) abandon(*work, now);
  }
}

void Agent::on_refused_report(const WorkRef& ref, const absl::Status& status, MonotonicTime now) {
  HeldWork* work = find(ref);
  if (work == nullptr || !work->is_claimed()) return;
  const std::string why(status.message());
  const log::FieldScope about(work_fields(ref));
  reports_.forget(ref);
  if (work->refused) {
    spdlog::error("the coordinator takes no report at all, its lease has to run out: {}", why);
    work->let_go();
    return;
  }
  work->refused = true;
  trainer_.stop(work->trial(), now);
  // The same data would make a report of the same size again, on any worker.
  const auto kind = absl::IsResourceExhausted(status) ? FailureKind::kBadData : FailureKind::kInternal;
  end_work(*work, Failure{kind, absl::StrCat("the coordinator cannot take the trainer's report: ", why)},
           now);
  report_end(*work);
}

void Agent::note_contact(const absl::Status& status) {
  const bool reached = status.ok() || !wire::is_retryable(status.code());
  const bool is_routine = status.ok() || absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
  if (reached && !is_routine) spdlog::warn("the coordinator answers: {}", std::string(status.message()));
  if (!reached) ++tally_.counts().unanswered_calls;
  if (reached == in_contact_) return;
  in_contact_ = reached;
  if (reached) {
    spdlog::info("in contact with the coordinator");
  } else {
    spdlog::warn("cannot reach the coordinator, trying again: {}", std::string(status.message()));
  }
}

}  // namespace melsweep::agent

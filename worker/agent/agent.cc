#include "worker/agent/agent.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "shared/log/fields.h"
#include "worker/agent/transfer_turns.h"
#include "worker/agent/work_fields.h"

namespace melsweep::agent {

Agent::Agent(AgentOptions options, const Parts& parts, std::function<RequestId()> make_request_id,
             std::uint64_t jitter_seed)
    : options_(std::move(options)),
      link_(parts.link),
      trainer_(parts.trainer, options_.trainer),
      transfer_(parts.transfer),
      artifacts_(parts.artifacts),
      make_request_id_(std::move(make_request_id)),
      random_(jitter_seed),
      stay_(options_.stay) {}

void Agent::start(MonotonicTime now) {
  stay_.begin(now);
  make_calls(now);
}

void Agent::handle(const Event& event, MonotonicTime now) {
  if (exit_code_) return;
  // Before the event: a process that was suspended past its lease must not act on what it finds waiting.
  check_leases(now);
  std::visit([&](const auto& one) { on(one, now); }, event);
  if (exit_code_) return;
  begin_if_ready(now);
  report_endings();
  let_go();
  leave_in_time(now);
  make_calls(now);
  finish_drain(now);
}

void Agent::leave_in_time(MonotonicTime now) {
  stay_.note(!held_.empty(), now);
  const std::optional<ReleaseReason> reason = stay_.over(now);
  if (!reason || drain_until_) return;
  if (*reason == ReleaseReason::kTimeLimit) {
    spdlog::info("this worker's time is nearly up");
  } else {
    spdlog::info("there was nothing to do for {} s", options_.stay.idle->count() / 1000);
  }
  drain(*reason, now);
}

void Agent::on(const TimePassed&, MonotonicTime now) {
  trainer_.on_time(now);
  const std::optional<MonotonicTime> until = storing_until();
  if (!until || now < *until) return;
  for (auto& [trial, work] : held_) {
    if (!work.may_go_unstored()) continue;
    const log::FieldScope about(work_fields(work.ref()));
    spdlog::warn("leaving without the latest checkpoint of {}: it could not be stored in time",
                 describe(work.ref()));
    report_end(work);
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
  for (auto& [trial, work] : held_) give_back(work, reason, now);
}

// Of work that has ended already nothing is given back.
void Agent::give_back(HeldWork& work, ReleaseReason reason, MonotonicTime now) {
  if (!work.release) work.release = reason;
  if (work.phase() == WorkPhase::kGiven) {
    end_work(work, ReleasedReport{*work.release}, now);
  } else if (work.phase() == WorkPhase::kRunning) {
    trainer_.stop(work.trial(), now);
  }
}

void Agent::take_on(const std::vector<Assignment>& assignments, MonotonicTime now) {
  if (assignments.empty()) return;
  heartbeat_.set_not_before(now);  // firms up the lease, and learns at once if it is gone already
  for (const Assignment& assignment : assignments) hold(assignment);
  for (auto& [trial, work] : held_) {
    if (drain_until_) {
      give_back(work, drain_reason_, now);
    } else {
      const log::FieldScope about(work_fields(work.ref()));
      spdlog::info("given {}", describe(work.ref()));
    }
  }
}

void Agent::hold(const Assignment& assignment) {
  // The lease began after the question. How long after cannot be known: the answer may have been long on its
  // way, or this process suspended when it came.
  const HeldWork::Lease lease{lease_.started_at() + terms_->lease_ttl, terms_->lease_ttl};
  const std::filesystem::path folder = folder_for(assignment);
  CheckpointExchange exchange(transfer_, options_.backoff, random_);
  if (const auto* trial = std::get_if<TrialAssignment>(&assignment)) {
    exchange.begin({terms_->store, trial->plan.sweep, {trial->plan.id, trial->epoch}, folder},
                   trial->checkpoints);
  }
  held_.try_emplace(trial_of(assignment), assignment, lease, folder, std::move(exchange));
}

// Once all that may begin is ready to. Otherwise the answer to a heartbeat, or a checkpoint's coming, will
// tell.
void Agent::begin_if_ready(MonotonicTime now) {
  std::vector<const HeldWork*> works;
  for (auto& [trial, work] : held_) {
    if (work.phase() != WorkPhase::kGiven) continue;
    if (!work.is_ready(now)) return;
    works.push_back(&work);
  }
  if (works.empty()) return;
  protocol::Command command = command_for(works, options_.checkpoint_every);
  for (const HeldWork* work : works) held_.at(work->trial()).begin();
  tally_.begin();
  on_news(trainer_.run(std::move(command), now), now);
}

std::filesystem::path Agent::folder_for(const Assignment& assignment) const {
  const auto* trial = std::get_if<TrialAssignment>(&assignment);
  if (trial == nullptr) return {};
  return options_.artifacts_dir / terms_->store.value / absl::StrCat("sweep-", trial->plan.sweep.value) /
         absl::StrCat("trial-", trial->plan.id.value) / absl::StrCat("attempt-", trial->epoch);
}

void Agent::report_endings() {
  for (auto& [trial, work] : held_) {
    if (work.is_stored()) report_end(work);
  }
}

void Agent::report_end(HeldWork& work) {
  WorkReport report = work.report();
  tally_.end(report);
  reports_.push(std::move(report));
}

// Until when a draining agent waits for a checkpoint to be stored: then giving the work back matters more.
std::optional<MonotonicTime> Agent::storing_until() const {
  const bool may_go_without =
      std::any_of(held_.begin(), held_.end(), [](const auto& held) { return held.second.may_go_unstored(); });
  if (!drain_until_ || !may_go_without) return std::nullopt;
  return *drain_until_ - options_.release / 2;
}

void Agent::abandon(HeldWork& work, MonotonicTime now) {
  const log::FieldScope about(work_fields(work.ref()));
  spdlog::warn("{} is no longer ours: stopping it", describe(work.ref()));
  tally_.abandon(work.ref());
  reports_.forget(work.ref());
  work.let_go();
  trainer_.stop(work.trial(), now);
}

// Of what is over, and of its files, once nobody has his hands on them any more.
void Agent::let_go() {
  for (auto held = held_.begin(); held != held_.end();) {
    HeldWork& work = held->second;
    const bool is_free = !trainer_.is_at(work.trial()) && work.exchange().is_idle();
    if (is_free) discard(work.take_leftovers());
    held = is_free && work.phase() == WorkPhase::kOver ? held_.erase(held) : std::next(held);
  }
}

void Agent::discard(const std::filesystem::path& leftovers) {
  if (!leftovers.empty()) artifacts_.discard(leftovers);
}

// Where one lease has run out the coordinator has not been heard for long. One process does all the works:
// they end with it.
void Agent::check_leases(MonotonicTime now) {
  const auto is_running = [](const HeldWork& work) { return work.phase() == WorkPhase::kRunning; };
  const bool is_late = std::any_of(held_.begin(), held_.end(), [&](const auto& held) {
    return is_running(held.second) && now >= held.second.lease_until();
  });
  if (!is_late) return;
  for (auto& [trial, work] : held_) {
    if (!is_running(work)) continue;
    const log::FieldScope about(work_fields(work.ref()));
    spdlog::warn("no word from the coordinator for {} s: ending {}, which it may give to another",
                 terms_->lease_ttl.count() / 1000, describe(work.ref()));
    reports_.forget(work.ref());
    work.expire();
  }
  trainer_.kill();
}

void Agent::finish_drain(MonotonicTime now) {
  if (!drain_until_) return;
  if (held_.empty() && !lease_request_) {
    exit_code_ = 0;
  } else if (now >= *drain_until_) {
    spdlog::warn("left with work that could not be given back: its lease has to run out");
    trainer_.kill();
    exit_code_ = 1;
  }
}

AgentStatus Agent::status() const {
  AgentStatus status;
  status.is_connected = registered_ && in_contact_;
  status.is_draining = drain_until_.has_value();
  for (const auto& [trial, work] : held_) {
    if (work.phase() == WorkPhase::kOver) continue;
    const bool is_trial = std::holds_alternative<AttemptRef>(work.ref());
    ++(is_trial ? status.trials_held : status.preparations);
    if (is_trial && work.phase() == WorkPhase::kRunning) ++status.trials_running;
  }
  status.unreported_points = reports_.pending_points();
  status.counts = tally_.counts();
  return status;
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
  for (const auto& [trial, work] : held_) {
    if (work.phase() == WorkPhase::kRunning) consider(work.lease_until());
  }
  consider(trainer_.deadline());
  if (registered_) consider(next_transfer(exchanges()));
  consider(storing_until());
  consider(drain_until_ ? drain_until_ : stay_.next());
  return earliest;
}

std::vector<CheckpointExchange*> Agent::exchanges() {
  std::vector<CheckpointExchange*> all;
  for (auto& [trial, work] : held_) all.push_back(&work.exchange());
  return all;
}

std::vector<const CheckpointExchange*> Agent::exchanges() const {
  std::vector<const CheckpointExchange*> all;
  for (const auto& [trial, work] : held_) all.push_back(&work.exchange());
  return all;
}

HeldWork* Agent::find(const WorkRef& work) {
  const auto found =
      std::find_if(held_.begin(), held_.end(), [&](const auto& held) { return held.second.ref() == work; });
  return found == held_.end() ? nullptr : &found->second;
}

}  // namespace melsweep::agent

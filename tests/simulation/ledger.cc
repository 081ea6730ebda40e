#include "tests/simulation/ledger.h"

#include <algorithm>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "coordinator/core/life_cycle.h"

namespace melsweep::simulation {
namespace {

std::string name_of(const AttemptRef& attempt) {
  return absl::StrCat("attempt ", attempt.epoch, " of trial ", attempt.trial.value);
}

}  // namespace

void Ledger::after_step(const core::State& state) {
  for (const SweepId id : state.open_sweeps) {
    note_spec(state.sweeps.at(id).record);
    const PreparationRecord& preparation = state.sweeps.at(id).preparation;
    std::int32_t& epoch = preparations_[id];
    if (preparation.epoch > epoch) check_start("a look at the data", id, preparation.worker);
    epoch = preparation.epoch;
  }
  if (state.trials.size() < seen_trials_) violations_.add("trials have vanished");
  seen_trials_ = state.trials.size();
  // Not all ids need be in use: sweeps whose trials are being made have theirs reserved.
  const std::int64_t last = state.trials.empty() ? 0 : state.trials.rbegin()->first.value;
  if (static_cast<std::int64_t>(trials_.size()) < last) trials_.resize(static_cast<std::size_t>(last));
  for (const auto& [id, trial] : state.trials) {
    Seen& seen = trials_[static_cast<std::size_t>(id.value - 1)];
    const TrialRecord& now = trial.record;
    if (now.epoch < seen.epoch) violations_.add(absl::StrCat("the epoch of trial ", id.value, " fell"));
    const bool has_started = now.epoch > seen.epoch && now.reused_from == TrialId{};
    if (has_started) {
      check_start(absl::StrCat("trial ", id.value), now.sweep, trial.attempt->worker);
    }
    if (now.failed_attempts < seen.failed_attempts) {
      violations_.add(absl::StrCat("trial ", id.value, " forgot a failed attempt"));
    }
    const bool changed = now.state != seen.state || now.objective != seen.objective ||
                         now.epoch != seen.epoch || now.failed_attempts != seen.failed_attempts;
    if (changed && core::is_final(seen.state)) {
      violations_.add(absl::StrCat("trial ", id.value, " changed after its end"));
    }
    if (changed) seen = {now.epoch, now.failed_attempts, now.state, now.objective};
  }
}

void Ledger::note_spec(const SweepRecord& sweep) {
  const bool waits = sweep.state == SweepState::kWaiting;
  if (!specs_.contains(sweep.id) || waiting_.contains(sweep.id)) specs_[sweep.id] = sweep.spec;
  if (waits) waiting_.insert(sweep.id);
  if (!waits) waiting_.erase(sweep.id);
}

std::size_t Ledger::sweeps() const {
  std::size_t count = 0;
  for (const auto& [request, sweeps] : submissions_) count += sweeps.size();
  return count;
}

void Ledger::check_start(const std::string& what, SweepId sweep, const WorkerId& worker) {
  if (paused_.contains(sweep)) violations_.add(absl::StrCat(what, " starts though its sweep is paused"));
  if (drained_.contains(worker)) {
    violations_.add(absl::StrCat(what, " starts on ", worker.value, ", which is to leave"));
  }
}

void Ledger::on_acknowledged(const std::vector<WorkReport>& reports, const Disk& disk) {
  for (const WorkReport& report : reports) {
    const auto* attempt = std::get_if<AttemptRef>(&report.work);
    if (attempt == nullptr) continue;
    if (const auto* metrics = std::get_if<MetricsReport>(&report.event)) {
      acknowledge_points(*attempt, metrics->points, disk);
    } else if (std::holds_alternative<CompletedReport>(report.event)) {
      attempts_[*attempt].completed = true;
      if (disk.durable().evaluations(*attempt).empty()) {
        violations_.add(absl::StrCat("the acknowledged result of ", name_of(*attempt), " is not durable"));
      }
    }
  }
}

void Ledger::acknowledge_points(const AttemptRef& attempt, const std::vector<MetricPoint>& points,
                                const Disk& disk) {
  const std::vector<MetricPoint> durable = disk.durable().metrics(attempt);
  const bool has_all = std::all_of(points.begin(), points.end(), [&](const MetricPoint& point) {
    return std::find(durable.begin(), durable.end(), point) != durable.end();
  });
  if (!has_all) {
    violations_.add(absl::StrCat("acknowledged metrics of ", name_of(attempt), " are not durable"));
  }
  attempts_[attempt].points = durable.size();
}

void Ledger::on_submitted(const RequestId& request, const std::vector<SweepId>& sweeps) {
  const auto [known, is_new] = submissions_.emplace(request, sweeps);
  if (!is_new && known->second != sweeps) {
    violations_.add(absl::StrCat("request ", request.value, " made the sweeps from ",
                                 known->second.front().value, " and from ", sweeps.front().value));
  }
}

void Ledger::check_durable(Disk& disk) {
  for (const auto& [attempt, acknowledged] : attempts_) {
    if (disk.durable().metrics(attempt).size() < acknowledged.points) {
      violations_.add(absl::StrCat("acknowledged metrics of ", name_of(attempt), " are lost"));
    }
    if (acknowledged.completed && disk.durable().evaluations(attempt).empty()) {
      violations_.add(absl::StrCat("the acknowledged result of ", name_of(attempt), " is lost"));
    }
  }
  const absl::StatusOr<store::Snapshot> snapshot = disk.load_durable();
  const auto is_durable = [&](SweepId id) {
    return std::any_of(snapshot->sweeps.begin(), snapshot->sweeps.end(),
                       [&](const SweepRecord& sweep) { return sweep.id == id; });
  };
  for (const auto& [request, sweeps] : submissions_) {
    for (const SweepId sweep : sweeps) {
      if (!is_durable(sweep)) violations_.add(absl::StrCat("sweep ", sweep.value, " is lost"));
    }
  }
  for (const SweepRecord& sweep : snapshot->sweeps) {
    if (is_cancelled(sweep.id) && sweep.state != SweepState::kCancelled) {
      violations_.add(absl::StrCat("the cancelling of sweep ", sweep.id.value, " is lost"));
    }
    if (paused_.contains(sweep.id) && !sweep.paused && !core::is_final(sweep.state)) {
      violations_.add(absl::StrCat("the pausing of sweep ", sweep.id.value, " is lost"));
    }
  }
  for (const WorkerRecord& worker : snapshot->workers) {
    if (drained_.contains(worker.id) && !worker.draining) {
      violations_.add(absl::StrCat("that ", worker.id.value, " is to leave is lost"));
    }
  }
}

}  // namespace melsweep::simulation

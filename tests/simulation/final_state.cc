#include "tests/simulation/final_state.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/life_cycle.h"
#include "shared/spec/cells.h"
#include "shared/spec/fields.h"

namespace melsweep::simulation {
namespace {

using Attempts = std::vector<AttemptRecord>;

std::int64_t count(const Attempts& attempts, AttemptState state) {
  return std::count_if(attempts.begin(), attempts.end(),
                       [state](const AttemptRecord& attempt) { return attempt.state == state; });
}

class FinalCheck {
 public:
  FinalCheck(Disk& disk, const Workload& workload, const Ledger& ledger)
      : disk_(disk), workload_(workload), ledger_(ledger), snapshot_(*disk.load_durable()) {
    for (const SweepRecord& sweep : snapshot_.sweeps) sweeps_[sweep.id] = &sweep;
    for (const AttemptRecord& attempt : snapshot_.attempts) attempts_[attempt.ref.trial].push_back(attempt);
  }

  std::optional<std::string> first_problem() {
    std::map<SweepId, std::int64_t> trials;
    for (const TrialRecord& trial : snapshot_.trials) {
      ++trials[trial.sweep];
      if (const auto problem = problem_of(trial)) return absl::StrCat("trial ", trial.id.value, *problem);
    }
    for (const auto& [id, sweep] : sweeps_) {
      if (const auto problem = problem_of_takings(*sweep)) return absl::StrCat("sweep ", id.value, *problem);
      const auto planned = spec::grid_size(ledger_.spec_of(id)) * ledger_.spec_of(id).seeds;
      const bool was_prepared = sweep->state == SweepState::kFinished;
      if (was_prepared && trials[id] != planned) return absl::StrCat("sweep ", id.value, " lacks trials");
    }
    return std::nullopt;
  }

 private:
  // What it has taken over is what the winners have.
  std::optional<std::string> problem_of_takings(const SweepRecord& sweep) const {
    if (sweep.state == SweepState::kWaiting) return " waits for ever";
    const SweepSpec& spec = ledger_.spec_of(sweep.id);
    for (const Taking& taking : spec.takes) {
      const SweepRecord& source = *sweeps_.at(named(sweep.study.first, taking.sweep));
      if (source.state != SweepState::kFinished) {
        if (sweep.state == SweepState::kFinished) return " has finished without a winner to take from";
        continue;
      }
      if (sweep.state == SweepState::kFailed && !was_prepared(sweep.id)) continue;
      if (sweep.state == SweepState::kCancelled) continue;
      const TrialSettings winner = winner_of(source.id);
      for (const std::string& path : taking.fields) {
        const auto* field = spec::find_trial_field(path);
        if (field->read(spec.base) != field->read(winner))
          return absl::StrCat(" has not the winner's ", path);
      }
    }
    return std::nullopt;
  }

  SweepId named(SweepId first, const std::string& name) const {
    for (const auto& [id, sweep] : sweeps_) {
      if (sweep->study.first == first && sweep->spec.name == name) return id;
    }
    return {};
  }

  bool was_prepared(SweepId id) const {
    return std::any_of(snapshot_.trials.begin(), snapshot_.trials.end(),
                       [id](const TrialRecord& trial) { return trial.sweep == id; });
  }

  // By the mean of its cell, where all of that has finished; then by its own objective, and the first of
  // equals.
  TrialSettings winner_of(SweepId id) const {
    std::map<std::int64_t, std::vector<std::optional<double>>> cells;
    for (const TrialRecord& trial : snapshot_.trials) {
      if (trial.sweep == id) cells[trial.cell.index].push_back(trial.objective);
    }
    const TrialRecord* best = nullptr;
    std::tuple<bool, double, double> standing;
    for (const TrialRecord& trial : snapshot_.trials) {
      if (trial.sweep != id || !trial.objective) continue;
      double sum = 0.0;
      const auto& cell = cells.at(trial.cell.index);
      const bool complete =
          std::all_of(cell.begin(), cell.end(), [](const auto& one) { return one.has_value(); });
      for (const auto& one : cell) sum += one.value_or(0.0);
      const std::tuple now(complete, complete ? sum / static_cast<double>(cell.size()) : 0.0,
                           *trial.objective);
      if (best == nullptr || now > standing) {
        best = &trial;
        standing = now;
      }
    }
    return spec::grid_cell(ledger_.spec_of(id), best->cell.index).settings;
  }

  std::optional<std::string> problem_of(const TrialRecord& trial) {
    const Attempts& attempts = attempts_[trial.id];
    if (static_cast<std::int32_t>(attempts.size()) != trial.epoch) return ": an epoch without an attempt";
    if (count(attempts, AttemptState::kRunning) > 0) return ": an attempt runs after the end";
    if (lost_to_its_group(attempts)) return " lost an attempt to the death of its group's trainer";
    const std::int64_t counted =
        count(attempts, AttemptState::kFailed) + count(attempts, AttemptState::kLost);
    if (counted != trial.failed_attempts) return ": its failed attempts are miscounted";
    const std::int64_t finished = count(attempts, AttemptState::kFinished);
    if (finished != (trial.state == TrialState::kFinished ? 1 : 0)) {
      return absl::StrCat(" has ", finished, " finished attempts");
    }
    switch (trial.state) {
      case TrialState::kFinished:
        return problem_of_finished(trial, attempts.back());
      case TrialState::kFailed:
        return problem_of_failed(trial, attempts.back());
      case TrialState::kCancelled:
        if (ledger_.is_cancelled(trial.sweep)) return std::nullopt;
        return " is cancelled, and its sweep was not";
      default:
        return " has not ended";
    }
  }

  // What a trainer of several does, dying or short of memory, is not held against any of them.
  bool lost_to_its_group(const Attempts& attempts) const {
    return std::any_of(attempts.begin(), attempts.end(), [this](const AttemptRecord& attempt) {
      return attempt.state == AttemptState::kFailed &&
             attempt.failure->kind != FailureKind::kBadConfiguration && ledger_.was_grouped(attempt.ref);
    });
  }

  std::optional<std::string> problem_of_finished(const TrialRecord& trial, const AttemptRecord& last) {
    if (last.state != AttemptState::kFinished) return ": another than its last attempt finished";
    if (nature_of(trial) != Nature::kSound) return " cannot have finished";
    const SweepSpec& spec = ledger_.spec_of(trial.sweep);
    const std::vector<MetricPoint> expected =
        workload_.all_points(settings_of(trial), trial.seed, spec.evaluate);
    if (disk_.durable().metrics(last.ref) != expected) return ": its metrics have gaps, or are others";
    const std::vector<MetricPoint> at_end =
        workload_.points_at(settings_of(trial), trial.seed, settings_of(trial).training.steps, spec.evaluate);
    const auto objective = std::find_if(at_end.begin(), at_end.end(), [&](const MetricPoint& point) {
      return point.name == spec.objective.metric;
    });
    if (trial.objective != objective->value) return ": its objective is another";
    if (disk_.durable().evaluations(last.ref).size() != 1) return ": it has no evaluation";
    // A result that was taken over took no time here.
    if (disk_.durable().stages(last.ref).size() != (trial.reused_from == TrialId{} ? 1 : 0)) {
      return ": what its time went into is lost, or made up";
    }
    return std::nullopt;
  }

  std::optional<std::string> problem_of_failed(const TrialRecord& trial, const AttemptRecord& last) {
    const int max_attempts = ledger_.spec_of(trial.sweep).retry.max_attempts;
    if (nature_of(trial) == Nature::kHopeless && last.failure &&
        last.failure->kind == FailureKind::kBadConfiguration) {
      return std::nullopt;
    }
    if (trial.failed_attempts != max_attempts) {
      return absl::StrCat(" failed after ", trial.failed_attempts, " attempts that count of ", max_attempts);
    }
    return std::nullopt;
  }

  Nature nature_of(const TrialRecord& trial) const {
    return workload_.nature_of(settings_of(trial), trial.seed);
  }

  TrialSettings settings_of(const TrialRecord& trial) const {
    return spec::grid_cell(ledger_.spec_of(trial.sweep), trial.cell.index).settings;
  }

  Disk& disk_;
  const Workload& workload_;
  const Ledger& ledger_;
  store::Snapshot snapshot_;
  std::map<SweepId, const SweepRecord*> sweeps_;
  std::map<TrialId, Attempts> attempts_;
};

}  // namespace

bool all_ended(const core::State& state, const Ledger& ledger) {
  return state.open_sweeps.empty() && state.sweeps.size() >= ledger.sweeps();
}

void check_final_state(Disk& disk, const Workload& workload, const Ledger& ledger, Violations& violations) {
  if (const auto problem = FinalCheck(disk, workload, ledger).first_problem()) violations.add(*problem);
}

}  // namespace melsweep::simulation

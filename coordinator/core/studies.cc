#include "coordinator/core/studies.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "shared/spec/cell_check.h"
#include "shared/spec/takings.h"

namespace melsweep::core {
namespace {

// The finished trials of one cell.
struct Cell {
  std::vector<double> objectives;
  bool is_complete = true;
};

// SQLite's avg() sums in the order of the index that the ranking reads, by objective: in any other order two
// cells with the same objectives could differ in the last bit.
double mean_of(std::vector<double> objectives) {
  std::sort(objectives.begin(), objectives.end());
  return std::accumulate(objectives.begin(), objectives.end(), 0.0) / static_cast<double>(objectives.size());
}

const TrialEntry& trial_of(const State& state, const SweepEntry& sweep, std::int64_t number) {
  return state.trials.at(TrialId{sweep.first_trial.value + number - 1});
}

std::string name_of(const SweepEntry& sweep) {
  return absl::StrCat("the sweep ", sweep.record.id.value, " (", sweep.record.spec.name, ")");
}

// Why nothing can be taken from a sweep that has ended; empty where it can be.
std::string why_not_from(const SweepEntry& ended) {
  const std::string begin = absl::StrCat("it was to take over settings of ", name_of(ended));
  if (ended.record.state == SweepState::kCancelled) return absl::StrCat(begin, ", which was cancelled");
  if (ended.record.state == SweepState::kFailed) {
    return absl::StrCat(begin, ", which has failed: ", ended.record.reason);
  }
  return "";
}

// Of SweepSpec::takes, the one that is from this sweep.
std::optional<std::size_t> taking_from(const SweepEntry& sweep, SweepId source) {
  const std::vector<TakingSource>& sources = sweep.record.study.sources;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].sweep == source) return i;
  }
  return std::nullopt;
}

bool waits_on(const SweepEntry& sweep) {
  const std::vector<TakingSource>& sources = sweep.record.study.sources;
  return std::any_of(sources.begin(), sources.end(),
                     [](const TakingSource& source) { return source.trial == 0; });
}

// All is taken: the sweep is what it will be.
void begin(State& state, SweepEntry& sweep, const Now& now, Outbox& outbox) {
  SweepSpec settled = sweep.record.spec;
  settled.takes.clear();
  if (const absl::Status possible = spec::check_cells(settled); !possible.ok()) {
    const auto reason =
        absl::StrCat("with the settings taken over it is impossible: ", std::string(possible.message()));
    fail_sweep(state, sweep, reason, now, outbox);
    return;
  }
  advance(sweep.record.state, SweepState::kPreparing);
  outbox.writes.emplace_back(store::PutSweep{sweep.record});
  enqueue(state, key_of(sweep), now.monotonic);
}

void take(State& state, SweepEntry& sweep, std::size_t taking, const SweepEntry& ended, const Now& now,
          Outbox& outbox) {
  if (const std::string reason = why_not_from(ended); !reason.empty()) {
    fail_sweep(state, sweep, reason, now, outbox);
    return;
  }
  const TrialEntry& winner = *winner_of(state, ended);
  spec::take_over(sweep.record.spec.takes[taking], winner.record.cell.settings, sweep.record.spec);
  sweep.record.study.sources[taking].trial = winner.record.number;
  if (waits_on(sweep)) {
    outbox.writes.emplace_back(store::PutSweep{sweep.record});
  } else {
    begin(state, sweep, now, outbox);
  }
}

}  // namespace

std::vector<SweepId> submitted_with(const State& state, SweepId sweep) {
  const SweepId first = state.sweeps.at(sweep).record.study.first;
  if (first == SweepId{}) return {sweep};
  std::vector<SweepId> sweeps;
  for (auto next = state.sweeps.find(first);
       next != state.sweeps.end() && next->second.record.study.first == first; ++next) {
    sweeps.push_back(next->first);
  }
  return sweeps;
}

const TrialEntry* winner_of(const State& state, const SweepEntry& sweep) {
  std::map<std::int64_t, Cell> cells;
  for (std::int64_t number = 1; number <= sweep.trials; ++number) {
    const TrialRecord& trial = trial_of(state, sweep, number).record;
    Cell& cell = cells[trial.cell.index];
    if (trial.objective) cell.objectives.push_back(*trial.objective);
    cell.is_complete = cell.is_complete && trial.objective.has_value();
  }
  std::map<std::int64_t, double> means;
  for (auto& [index, cell] : cells) {
    if (cell.is_complete) means.emplace(index, mean_of(std::move(cell.objectives)));
  }
  const double sign = sweep.record.spec.objective.goal == Goal::kMinimize ? -1.0 : 1.0;
  const auto standing = [&](const TrialEntry& trial) {
    const auto mean = means.find(trial.record.cell.index);
    const bool is_complete = mean != means.end();
    return std::tuple(is_complete, is_complete ? sign * mean->second : 0.0, sign * *trial.record.objective);
  };
  const TrialEntry* best = nullptr;
  for (std::int64_t number = 1; number <= sweep.trials; ++number) {
    const TrialEntry& trial = trial_of(state, sweep, number);
    if (trial.record.state != TrialState::kFinished) continue;
    if (best == nullptr || standing(trial) > standing(*best)) best = &trial;
  }
  return best;
}

void pass_on(State& state, const SweepEntry& ended, const Now& now, Outbox& outbox) {
  for (const SweepId id : submitted_with(state, ended.record.id)) {
    SweepEntry& sweep = state.sweeps.at(id);
    if (sweep.record.state != SweepState::kWaiting) continue;
    if (const auto taking = taking_from(sweep, ended.record.id))
      take(state, sweep, *taking, ended, now, outbox);
  }
}

}  // namespace melsweep::core

#include "coordinator/core/trial_making.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <vector>

#include "coordinator/core/assigning.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/reuse.h"
#include "coordinator/search/search.h"
#include "shared/spec/trial_key.h"

namespace melsweep::core {
namespace {

std::int64_t product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

// Behind all that there are, and all that are still to be made.
TrialId next_trial(const State& state) {
  std::int64_t next = state.trials.empty() ? 1 : state.trials.rbegin()->first.value + 1;
  for (const SweepId id : state.making) {
    const SweepEntry& sweep = state.sweeps.at(id);
    if (sweep.trials > 0) next = std::max(next, sweep.first_trial.value + sweep.planned);
  }
  return {next};
}

void add_trial(State& state, SweepEntry& sweep, const TrialRecord& record, const Now& now, Outbox& outbox) {
  TrialEntry& trial = state.trials[record.id];
  trial.record = record;
  trial.family = sweep.families.of(record.cell.settings, record.validation_fold);
  ++sweep.trials;
  if (sweep.record.spec.reuse && reuse_result(state, trial, outbox)) {
    ++sweep.trials_finished;
    return;
  }
  ++sweep.trials_open;
  enqueue(state, key_of(trial), now.monotonic);
  outbox.writes.emplace_back(store::PutTrial{record});
}

std::int64_t trials_of_cell(const SweepEntry& sweep) {
  return static_cast<std::int64_t>(sweep.folds.size()) * sweep.record.spec.seeds;
}

// How many trials the sweep has after the next part of about `size`. Parts are of whole cells, where these
// are not larger: what is said of a cell is said of the trials that it has.
std::int64_t end_of_part(const SweepEntry& sweep, std::int64_t size) {
  const std::int64_t end = sweep.trials + size;
  const std::int64_t beyond = size < trials_of_cell(sweep) ? 0 : end % trials_of_cell(sweep);
  return std::min(sweep.planned, end - beyond);
}

// Of the cell, in order of seeds and then folds, what the sweep still lacks before it has `end` trials.
void add_trials_of(State& state, SweepEntry& sweep, const Cell& cell, std::int64_t end, const Now& now,
                   Outbox& outbox) {
  const auto folds = static_cast<std::int64_t>(sweep.folds.size());
  const std::int64_t of_cell = trials_of_cell(sweep);
  TrialRecord record;
  record.sweep = sweep.record.id;
  record.created_ms = now.wall.time_since_epoch().count();
  record.cell = cell;
  while (sweep.trials < std::min(end, (cell.index + 1) * of_cell)) {
    record.id = {sweep.first_trial.value + sweep.trials};
    record.number = sweep.trials + 1;
    record.seed = static_cast<std::uint64_t>(sweep.trials % of_cell / folds);
    record.validation_fold = sweep.folds[static_cast<std::size_t>(sweep.trials % folds)];
    record.key = spec::trial_key(plan_for(sweep, record), sweep.trainer);
    add_trial(state, sweep, record, now, outbox);
  }
}

}  // namespace

std::vector<int> folds_of(const SweepSpec& spec, const DatasetReport& report) {
  if (!spec.dataset.split.cross_validation || spec.evaluate == Split::kTest) return {0};
  return report.validation_folds;
}

std::int64_t planned_trials(const SweepSpec& spec, std::size_t folds) {
  return product(product(search::proposals_in_all(spec), spec.seeds), static_cast<std::int64_t>(folds));
}

bool lacks_trials(const SweepEntry& sweep) {
  return sweep.record.state == SweepState::kRunning && sweep.trials < sweep.planned;
}

void plan_trials(State& state, SweepEntry& sweep) {
  if (sweep.trials == 0) sweep.first_trial = next_trial(state);
  sweep.planned = planned_trials(sweep.record.spec, sweep.folds.size());
  if (lacks_trials(sweep)) state.making.insert(sweep.record.id);
}

void make_more_trials(State& state, SweepEntry& sweep, const Now& now, Outbox& outbox) {
  assert(lacks_trials(sweep));
  const std::int64_t of_cell = trials_of_cell(sweep);
  const std::int64_t end = end_of_part(sweep, state.options.trials_at_once);
  const std::int64_t first = sweep.trials / of_cell;
  for (const Cell& cell : search::propose({sweep.record.spec, first}, (end - 1) / of_cell - first + 1)) {
    add_trials_of(state, sweep, cell, end, now, outbox);
  }
  if (lacks_trials(sweep)) return;
  state.making.erase(sweep.record.id);
  close_sweep_if_over(state, state.trials.at({sweep.first_trial.value + sweep.trials - 1}), now, outbox);
}

}  // namespace melsweep::core

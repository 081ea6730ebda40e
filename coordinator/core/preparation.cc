#include "coordinator/core/preparation.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/reuse.h"
#include "coordinator/search/search.h"
#include "coordinator/store/write_checks.h"
#include "shared/spec/cells.h"
#include "shared/spec/trial_key.h"

namespace melsweep::core {
namespace {

std::int64_t product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

// The folds that trials validate on; {0} without cross-validation.
std::vector<int> folds_of(const SweepSpec& spec, const DatasetReport& report) {
  if (!spec.dataset.split.cross_validation) return {0};
  return report.validation_folds;
}

// What makes the report unusable, if anything.
std::optional<std::string> flaw(const State& state, const SweepRecord& sweep, const DatasetReport& report) {
  const SweepSpec& spec = sweep.spec;
  if (report.classes.empty() || report.clips.empty()) {
    return absl::StrCat("the data set ", spec.dataset.path, " has no usable clips");
  }
  const absl::Status storable = store::check_write(store::PutDataset{sweep.id, report});
  if (!storable.ok()) {
    return absl::StrCat("the worker's report of the data cannot be used: ", std::string(storable.message()));
  }
  for (const std::string& weights : spec::weights_named(spec)) {
    if (!report.weights_hashes.contains(weights)) {
      return absl::StrCat("the worker's report of the data cannot be used: it has no hash of the weights ",
                          weights);
    }
  }
  const std::vector<int> folds = folds_of(spec, report);
  if (folds.empty()) {
    return absl::StrCat("the data set ", spec.dataset.path,
                        " has no folds to validate on, which cross_validation needs");
  }
  const std::int64_t trials = product(least_trials(spec), static_cast<std::int64_t>(folds.size()));
  if (trials > state.options.max_trials) {
    return absl::StrCat("the sweep would have ", trials, " trials with its ", folds.size(),
                        " folds; at most ", state.options.max_trials,
                        " are allowed: give it fewer values or seeds");
  }
  return std::nullopt;
}

// One that is known to end in a certain way has ended; the others wait for a worker.
void add_trial(State& state, SweepEntry& sweep, const TrialRecord& record, const Now& now, Outbox& outbox) {
  TrialEntry& trial = state.trials.emplace_hint(state.trials.end(), record.id, TrialEntry{})->second;
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

void make_trials(State& state, SweepEntry& sweep, const std::vector<int>& folds, const Now& now,
                 Outbox& outbox) {
  const SweepSpec& spec = sweep.record.spec;
  std::int64_t next_id = state.trials.empty() ? 1 : state.trials.rbegin()->first.value + 1;
  sweep.first_trial = {next_id};
  TrialRecord record;
  record.sweep = sweep.record.id;
  record.created_ms = now.wall.time_since_epoch().count();
  for (const Cell& cell : search::propose({spec, 0}, state.options.max_trials)) {
    record.cell = cell;
    for (int seed = 0; seed < spec.seeds; ++seed) {
      record.seed = static_cast<std::uint64_t>(seed);
      for (const int fold : folds) {
        record.validation_fold = fold;
        record.id = {next_id++};
        ++record.number;
        record.key = spec::trial_key(plan_for(sweep, record), sweep.trainer);
        add_trial(state, sweep, record, now, outbox);
      }
    }
  }
}

}  // namespace

std::int64_t least_trials(const SweepSpec& spec) {
  return product(search::proposals_in_all(spec), spec.seeds);
}

void finish_preparation(State& state, SweepEntry& sweep, const DatasetReport& report, const Now& now,
                        Outbox& outbox) {
  if (const std::optional<std::string> reason = flaw(state, sweep.record, report)) {
    end_preparation(state, sweep, {AttemptState::kFailed, Failure{FailureKind::kBadData, *reason}}, now,
                    outbox);
    return;
  }
  let_go(state, key_of(sweep));
  advance(sweep.preparation.state, AttemptState::kFinished);
  sweep.dataset_hash = report.content_hash;
  sweep.classes = report.classes;
  sweep.weights_hashes = report.weights_hashes;
  sweep.trainer = report.trainer;
  advance(sweep.record.state, SweepState::kRunning);
  outbox.writes.emplace_back(store::PutPreparation{sweep.preparation});
  outbox.writes.emplace_back(store::PutDataset{sweep.record.id, report});
  outbox.writes.emplace_back(store::PutSweep{sweep.record});
  make_trials(state, sweep, folds_of(sweep.record.spec, report), now, outbox);
  if (sweep.trials_open == 0) finish_sweep(state, sweep, now, outbox);
}

}  // namespace melsweep::core

#include "coordinator/core/preparation.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/trial_making.h"
#include "coordinator/store/write_checks.h"
#include "shared/spec/cells.h"

namespace melsweep::core {
namespace {

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
  const std::int64_t trials = planned_trials(spec, folds.size());
  if (trials > state.options.max_trials) {
    return absl::StrCat("the sweep would have ", trials, " trials with its ", folds.size(),
                        " folds; at most ", state.options.max_trials,
                        " are allowed: give it fewer values or seeds");
  }
  return std::nullopt;
}

}  // namespace

std::int64_t least_trials(const SweepSpec& spec) {
  return planned_trials(spec, 1);
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
  sweep.folds = folds_of(sweep.record.spec, report);
  plan_trials(state, sweep);
  make_more_trials(state, sweep, now, outbox);
}

}  // namespace melsweep::core

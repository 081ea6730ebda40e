#include "coordinator/core/reuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

class Reuse : public testing::Test {
 protected:
  Reuse() { coordinator_.add_worker(kAnna); }

  // Submitted and prepared by a trainer of this version.
  SweepId prepared(const SweepSpec& spec, const std::string& trainer = "trainer 1") {
    const SweepId sweep = coordinator_.submit(spec, "submission-" + std::to_string(++submissions_));
    DatasetReport report = two_clips();
    report.trainer = trainer;
    coordinator_.report(kAnna, coordinator_.lease_preparation(kAnna), report);
    return sweep;
  }

  // Every trial that waits, with an objective of its own.
  int run_what_waits() {
    int trials = 0;
    while (const std::optional<Assignment> assignment = coordinator_.lease(kAnna)) {
      const auto& trial = std::get<TrialAssignment>(*assignment);
      coordinator_.complete(kAnna, {trial.plan.id, trial.epoch}, 0.1 * ++trials);
    }
    return trials;
  }

  const TrialEntry& trial(SweepId sweep, std::int64_t number) const {
    const SweepEntry& entry = coordinator_.state().sweeps.at(sweep);
    return coordinator_.state().trials.at(TrialId{entry.first_trial.value + number - 1});
  }

  Coordinator coordinator_;
  int submissions_ = 0;
};

TEST_F(Reuse, AnEditedSweepRunsOnlyWhatIsNew) {
  const SweepId first = prepared(sweep_of(2));
  EXPECT_EQ(run_what_waits(), 2);
  const SweepId second = prepared(sweep_of(3));
  EXPECT_EQ(coordinator_.state().sweeps.at(second).trials_finished, 2);
  EXPECT_EQ(trial(second, 2).record.reused_from, trial(first, 2).record.id);
  EXPECT_EQ(trial(second, 2).record.objective, trial(first, 2).record.objective);
  const AttemptRef copy{trial(second, 2).record.id, 1};
  EXPECT_EQ(coordinator_.store().metrics(copy), coordinator_.store().metrics(trial(first, 2).attempt->ref));
  EXPECT_EQ(coordinator_.store().evaluations(copy).size(), 1U);
  EXPECT_EQ(run_what_waits(), 1);
  EXPECT_EQ(coordinator_.sweep(second).state, SweepState::kFinished);
}

TEST_F(Reuse, TheSameSweepAgainHasFinishedAtOnce) {
  prepared(sweep_of(2));
  run_what_waits();
  const SweepId again = prepared(sweep_of(2));
  EXPECT_EQ(coordinator_.sweep(again).state, SweepState::kFinished);
  coordinator_.restart();
  const SweepId third = prepared(sweep_of(2));
  EXPECT_EQ(coordinator_.sweep(third).state, SweepState::kFinished);
  EXPECT_EQ(trial(third, 1).record.reused_from, TrialId{1}) << "where the result is from, not the copy";
}

TEST_F(Reuse, AFreshSweepRunsAll) {
  prepared(sweep_of(2));
  run_what_waits();
  SweepSpec fresh = sweep_of(2);
  fresh.reuse = false;
  prepared(fresh);
  EXPECT_EQ(run_what_waits(), 2);
}

TEST_F(Reuse, AnotherTrainerRunsAll) {
  prepared(sweep_of(2));
  run_what_waits();
  prepared(sweep_of(2), "trainer 2");
  EXPECT_EQ(run_what_waits(), 2);
}

TEST_F(Reuse, AnotherObjectiveRunsAll) {
  prepared(sweep_of(1));
  run_what_waits();
  SweepSpec other = sweep_of(1);
  other.objective.metric = "train/loss";
  prepared(other);
  EXPECT_EQ(run_what_waits(), 1);
}

TEST_F(Reuse, AnUnknownTrainerGivesNothing) {
  prepared(sweep_of(1), "");
  run_what_waits();
  prepared(sweep_of(1), "");
  EXPECT_EQ(run_what_waits(), 1);
}

TEST_F(Reuse, WhatFailedIsRunAgain) {
  prepared(sweep_of(2));
  coordinator_.report(kAnna, coordinator_.lease_trial(kAnna), Failure{FailureKind::kBadConfiguration, "why"});
  run_what_waits();
  prepared(sweep_of(2));
  EXPECT_EQ(run_what_waits(), 1);
}

}  // namespace
}  // namespace melsweep::core

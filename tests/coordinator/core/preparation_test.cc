#include "coordinator/core/preparation.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

TEST(Preparation, IsLeasedToOneWorkerWithTheDataAndTheWeights) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.add_worker(kBert);
  const SweepId sweep = coordinator.submit(sweep_of(2));
  const auto assignment = coordinator.lease(kAnna);
  ASSERT_TRUE(assignment);
  const auto& prepare = std::get<PrepareAssignment>(*assignment);
  EXPECT_EQ(prepare.ref, (PrepareRef{sweep, 1}));
  EXPECT_EQ(prepare.dataset.path, "data");
  EXPECT_EQ(prepare.weights, std::vector<std::string>{"random"});
  EXPECT_EQ(coordinator.lease(kBert), std::nullopt);
}

TEST(Preparation, MakesTrialsOfCellsSeedsAndFoldsInThatOrder) {
  Coordinator coordinator;
  SweepSpec spec = sweep_of(2);
  spec.seeds = 2;
  spec.dataset.split.cross_validation = true;
  coordinator.add_worker(kAnna);
  const SweepId sweep = coordinator.submit(spec);
  DatasetReport report = two_clips();
  report.validation_folds = {1, 3};
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), report);

  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kRunning);
  ASSERT_EQ(coordinator.state().trials.size(), 8U);
  std::int64_t number = 0;
  for (const std::int64_t cell : {0, 1}) {
    for (const std::uint64_t seed : {0U, 1U}) {
      for (const int fold : {1, 3}) {
        const TrialRecord& trial = coordinator.state().trials.at(TrialId{++number}).record;
        EXPECT_EQ(trial.number, number);
        EXPECT_EQ(trial.cell.index, cell);
        EXPECT_EQ(trial.seed, seed);
        EXPECT_EQ(trial.validation_fold, fold);
      }
    }
  }
}

TEST(Preparation, GivesEveryTrialItsPlan) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(2));
  const auto assignment = coordinator.lease(kAnna);
  ASSERT_TRUE(assignment);
  const auto& trial = std::get<TrialAssignment>(*assignment);
  EXPECT_EQ(trial.epoch, 1);
  EXPECT_EQ(trial.plan.sweep, sweep);
  EXPECT_EQ(trial.plan.dataset_hash, "data-hash");
  EXPECT_EQ(trial.plan.settings.training.learning_rate, 0.1);
  EXPECT_EQ(trial.plan.dataset.path, "data");
  EXPECT_EQ(trial.plan.weights_hash, "random");
}

// A sweep of two weights files.
SweepSpec sweep_of_weights() {
  SweepSpec spec = sweep_of(0);
  spec.base.model.weights = "";
  spec.parameters = {{"weights", "model.weights", {std::string("a"), std::string("b")}}};
  return spec;
}

TEST(Preparation, LooksAtEveryWeightsOfTheSweepAndGivesEachTrialTheHashOfItsOwn) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.submit(sweep_of_weights());
  const auto assignment = coordinator.lease(kAnna);
  ASSERT_TRUE(assignment);
  const auto& prepare = std::get<PrepareAssignment>(*assignment);
  EXPECT_EQ(prepare.weights, (std::vector<std::string>{"a", "b"}));
  DatasetReport report = two_clips();
  report.weights_hashes = {{"a", "hash of a"}, {"b", "hash of b"}};
  coordinator.report(kAnna, prepare.ref, report);
  coordinator.add_worker(kBert);
  std::map<std::string, std::string> planned;
  for (const WorkerId& worker : {kAnna, kBert}) {
    const auto trial = coordinator.lease(worker);
    ASSERT_TRUE(trial);
    const TrialPlan& plan = std::get<TrialAssignment>(*trial).plan;
    planned[plan.settings.model.weights] = plan.weights_hash;
  }
  EXPECT_EQ(planned, report.weights_hashes);
}

TEST(Preparation, FailsTheSweepWhereTheReportSaysNothingOfSomeWeights) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const SweepId sweep = coordinator.submit(sweep_of_weights());
  DatasetReport report = two_clips();
  report.weights_hashes = {{"a", "hash of a"}};
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), report);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
  EXPECT_NE(coordinator.sweep(sweep).reason.find("no hash of the weights b"), std::string::npos);
}

TEST(Preparation, ReportedAgainChangesNothing) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.submit(sweep_of(2));
  const PrepareRef prepare = coordinator.lease_preparation(kAnna);
  coordinator.report(kAnna, prepare, two_clips());
  coordinator.report(kAnna, prepare, two_clips());
  EXPECT_TRUE(coordinator.last_writes().empty());
  EXPECT_EQ(coordinator.state().trials.size(), 2U);
}

TEST(Preparation, FailsTheSweepAtOnceWhereTheDataAreBad) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const SweepId sweep = coordinator.submit(sweep_of(2));
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna),
                     Failure{FailureKind::kBadData, "x.wav is empty"});
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
  EXPECT_EQ(coordinator.sweep(sweep).reason, "x.wav is empty");
  EXPECT_GT(coordinator.sweep(sweep).finished_ms, 0);
}

TEST(Preparation, IsTriedAgainAfterOtherFailuresAndThenGivenUp) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  SweepSpec spec = sweep_of(1);
  spec.retry.max_attempts = 2;
  const SweepId sweep = coordinator.submit(spec);
  const Failure failure{FailureKind::kTrainerDied, "signal 9"};
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), failure);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kPreparing);
  coordinator.pass(coordinator.state().options.retry_delay);
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), failure);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
  EXPECT_NE(coordinator.sweep(sweep).reason.find("signal 9"), std::string::npos);
}

TEST(Preparation, ReleasedIsReadyAgainAtOnceAndCountsForNothing) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  const SweepId sweep = coordinator.submit(sweep_of(1));
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), ReleasedReport{});
  EXPECT_EQ(coordinator.lease_preparation(kAnna).epoch, 2);
  EXPECT_EQ(coordinator.state().sweeps.at(sweep).preparation.failed_attempts, 0);
}

TEST(Preparation, LostIsGivenToAnotherAndTheFirstIsRefused) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.add_worker(kBert);
  coordinator.submit(sweep_of(1));
  const PrepareRef first = coordinator.lease_preparation(kAnna);
  coordinator.pass_until_lease_is_lost();
  coordinator.pass(coordinator.state().options.retry_delay);
  const PrepareRef second = coordinator.lease_preparation(kBert);
  EXPECT_EQ(second.epoch, 2);
  EXPECT_EQ(coordinator.refused_report(kAnna, first, two_clips()), absl::StatusCode::kFailedPrecondition);
  coordinator.report(kBert, second, two_clips());
  EXPECT_EQ(coordinator.state().trials.size(), 1U);
}

TEST(Preparation, WithAReportThatCannotBeUsedFailsTheSweep) {
  const auto reason_for = [](const SweepSpec& spec, const DatasetReport& report) {
    Coordinator coordinator;
    coordinator.add_worker(kAnna);
    const SweepId sweep = coordinator.submit(spec);
    coordinator.report(kAnna, coordinator.lease_preparation(kAnna), report);
    EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
    return coordinator.sweep(sweep).reason;
  };
  EXPECT_NE(reason_for(sweep_of(1), {}).find("no usable clips"), std::string::npos);
  DatasetReport stray = two_clips();
  stray.clips[1].class_index = 2;
  EXPECT_NE(reason_for(sweep_of(1), stray).find("b.wav"), std::string::npos);
  DatasetReport twice = two_clips();
  twice.clips[1].id = "a.wav";
  EXPECT_NE(reason_for(sweep_of(1), twice).find("a.wav"), std::string::npos);
  SweepSpec folds = sweep_of(1);
  folds.dataset.split.cross_validation = true;
  EXPECT_NE(reason_for(folds, two_clips()).find("cross_validation"), std::string::npos);
}

TEST(Preparation, ThatWouldMakeTooManyTrialsFailsTheSweep) {
  Options options;
  options.max_trials = 3;
  Coordinator coordinator(options);
  coordinator.add_worker(kAnna);
  SweepSpec spec = sweep_of(2);
  spec.dataset.split.cross_validation = true;
  const SweepId sweep = coordinator.submit(spec);
  DatasetReport report = two_clips();
  report.validation_folds = {1, 2};
  coordinator.report(kAnna, coordinator.lease_preparation(kAnna), report);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
  EXPECT_NE(coordinator.sweep(sweep).reason.find("4 trials"), std::string::npos);
}

}  // namespace
}  // namespace melsweep::core

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

TEST(Metrics, OfARunningAttemptAreWritten) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(100, 0.5));
  EXPECT_EQ(coordinator.store().metrics(attempt).size(), 2U);
}

TEST(Metrics, KeepTheLeaseAlive) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass(coordinator.state().options.lease_ttl);
  coordinator.report(kAnna, attempt, accuracy(100, 0.5));
  coordinator.pass(coordinator.state().options.lease_ttl);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kRunning);
}

TEST(Completion, FinishesTrialAndSweepWithTheObjectiveAtTheLastStep) {
  Options options;
  options.artifacts = "/artifacts";
  Coordinator coordinator(options);
  const SweepId sweep = coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(200, 0.9));
  coordinator.report(kAnna, attempt, accuracy(100, 0.5));
  coordinator.report(kAnna, attempt, completed(200));

  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFinished);
  EXPECT_EQ(coordinator.trial(attempt).objective, 0.9);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFinished);
  EXPECT_GT(coordinator.sweep(sweep).finished_ms, 0);
  const auto snapshot = coordinator.store().load();
  ASSERT_TRUE(snapshot.ok());
  const Checkpoint kept{200, "/artifacts/sweep-1/trial-1/attempt-1/step-200.safetensors", "checkpoint-hash"};
  EXPECT_EQ(snapshot->attempts.at(0).checkpoint, kept) << "where the coordinator has it";
  ASSERT_EQ(coordinator.store().evaluations(attempt).size(), 1U);
  EXPECT_EQ(coordinator.store().evaluations(attempt)[0], completed(200).evaluation);
}

TEST(Completion, RepeatedIsAcknowledgedWithoutWrites) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  const std::vector<WorkReport> reports = {{attempt, accuracy(100, 0.5)}, {attempt, completed(100)}};
  coordinator.ask<Reported>(ReportReceived{{}, kAnna, reports});
  EXPECT_EQ(coordinator.trial(attempt).objective, 0.5);
  coordinator.ask<Reported>(ReportReceived{{}, kAnna, reports});
  EXPECT_TRUE(coordinator.last_writes().empty());
}

TEST(Completion, WithoutTheObjectiveMetricFailsTheTrialAtOnce) {
  Coordinator coordinator;
  SweepSpec spec = sweep_of(1);
  spec.objective.metric = "validation/f1";
  const SweepId sweep = coordinator.running_sweep(spec);
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFailed);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
  EXPECT_NE(coordinator.sweep(sweep).reason.find("validation/f1"), std::string::npos);
  coordinator.report(kAnna, attempt, completed(100));
  EXPECT_TRUE(coordinator.last_writes().empty());
}

TEST(Completion, OfADivergedTrainingFailsTheTrialAtOnce) {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Coordinator coordinator;
    const SweepId sweep = coordinator.running_sweep(sweep_of(1));
    const AttemptRef attempt = coordinator.lease_trial(kAnna);
    coordinator.complete(kAnna, attempt, value);
    EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFailed);
    EXPECT_NE(coordinator.sweep(sweep).reason.find("diverged"), std::string::npos);
  }
}

TEST(Completion, WithAnEvaluationThatContradictsItselfCountsAsAFailedAttempt) {
  const auto expect_failed = [](const Evaluation& evaluation) {
    Coordinator coordinator;
    coordinator.running_sweep(sweep_of(1));
    const AttemptRef attempt = coordinator.lease_trial(kAnna);
    coordinator.report(kAnna, attempt, accuracy(1, 0.5));
    CompletedReport report = completed(1);
    report.evaluation = evaluation;
    coordinator.report(kAnna, attempt, report);
    EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kPending);
    EXPECT_EQ(coordinator.trial(attempt).failed_attempts, 1);
  };
  const std::vector<std::string> classes = two_clips().classes;
  const Prediction sound{"a.wav", 0, 1, {0.5F, 0.5F}};
  expect_failed({});
  expect_failed({Split::kValidation, 1, classes, {{"a.wav", 0, 2, {0.5F, 0.5F}}}});
  expect_failed({Split::kValidation, 1, classes, {{"a.wav", 0, 0, {1.0F}}}});
  expect_failed({Split::kValidation, 1, classes, {sound, sound}});
  expect_failed({Split::kValidation, 1, classes, {}});
  expect_failed({Split::kTest, 1, classes, {sound}});
  expect_failed({Split::kValidation, 2, classes, {sound}});
  expect_failed({Split::kValidation, 1, {"siren", "bark"}, {sound}});
}

TEST(Completion, WithWarningsGivesThemToTheSweep) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(2));
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(1, 0.5));
  CompletedReport report = completed(1);
  report.warnings = {"the pictures are missing", std::string(20'000, 'x'), "3", "4", "5"};
  coordinator.report(kAnna, attempt, report);
  std::vector<std::string> warnings;
  for (const store::Write& write : coordinator.last_writes()) {
    const auto* added = std::get_if<store::AddWarning>(&write);
    if (added == nullptr) continue;
    EXPECT_EQ(added->sweep, sweep);
    warnings.push_back(added->message);
  }
  ASSERT_EQ(warnings.size(), 4U);
  EXPECT_EQ(warnings[0], "trial 2: the pictures are missing");
  EXPECT_LT(warnings[1].size(), 17'000U);
}

TEST(Completion, KeepsWhatTheTimeWentIntoWithTheEndItself) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(1, 0.5));
  CompletedReport report = completed(1);
  report.stages = {{"training", 12.5, 300, 0}, {"bottlenecks", 0.5, 2, 318}};
  coordinator.report(kAnna, attempt, report);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFinished);
  EXPECT_EQ(coordinator.store().stages(attempt), report.stages);
  coordinator.report(kAnna, attempt, report);
  EXPECT_TRUE(coordinator.last_writes().empty());
}

TEST(Completion, WithoutStagesWritesNone) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  for (const store::Write& write : coordinator.last_writes())
    EXPECT_FALSE(std::holds_alternative<store::PutStages>(write));
}

TEST(Completion, ThatIsFoundWantingKeepsNoStages) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  CompletedReport report = completed(1);  // no objective was measured
  report.stages = {{"training", 12.5, 300, 0}};
  coordinator.report(kAnna, attempt, report);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFailed);
  EXPECT_TRUE(coordinator.store().stages(attempt).empty());
}

TEST(Completion, ThatIsRefusedLeavesNoWarnings) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  CompletedReport report = completed(1);  // no objective was measured
  report.warnings = {"the pictures are missing"};
  coordinator.report(kAnna, attempt, report);
  for (const store::Write& write : coordinator.last_writes())
    EXPECT_FALSE(std::holds_alternative<store::AddWarning>(write));
}

TEST(Metrics, OfTooManyNamesAreRefusedAndNoneIsWritten) {
  Options options;
  options.max_metrics = 3;
  Coordinator coordinator(options);
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, accuracy(1, 0.5));
  EXPECT_EQ(coordinator.refused_report(kAnna, attempt, MetricsReport{{{2, "a", 1}, {2, "b", 1}}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(coordinator.last_writes().empty());
  coordinator.report(kAnna, attempt, MetricsReport{{{2, "a", 1}, {3, "a", 1}}});
}

TEST(Failure, IsRetriedAfterADelayUpToMaxAttempts) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(1));
  const Failure failure{FailureKind::kTrainerDied, "killed by signal 9"};
  for (int epoch = 1; epoch <= 3; ++epoch) {
    EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kRunning);
    const AttemptRef attempt = coordinator.lease_trial(kAnna);
    EXPECT_EQ(attempt.epoch, epoch);
    coordinator.report(kAnna, attempt, failure);
    coordinator.report(kAnna, attempt, failure);
    EXPECT_TRUE(coordinator.last_writes().empty()) << "a repeated report";
    EXPECT_EQ(coordinator.lease(kAnna), std::nullopt) << "the delay is not over, or the trial is";
    coordinator.pass(coordinator.state().options.max_retry_delay);
  }
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFailed);
  EXPECT_NE(coordinator.sweep(sweep).reason.find("killed by signal 9"), std::string::npos);
}

TEST(Failure, ThatRetryingCannotHelpFailsTheTrialAtOnce) {
  Coordinator coordinator;
  const SweepId sweep = coordinator.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.report(kAnna, attempt, Failure{FailureKind::kBadConfiguration, "n_mels"});
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFailed);
  coordinator.complete(kAnna, coordinator.lease_trial(kAnna), 0.5);
  EXPECT_EQ(coordinator.sweep(sweep).state, SweepState::kFinished) << "one trial of two succeeded";
}

TEST(Release, CountsForNothingAndIsReadyAtOnce) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  for (int epoch = 1; epoch <= 10; ++epoch) {
    const AttemptRef attempt = coordinator.lease_trial(kAnna);
    EXPECT_EQ(attempt.epoch, epoch);
    coordinator.report(kAnna, attempt, ReleasedReport{});
    EXPECT_EQ(coordinator.trial(attempt).failed_attempts, 0);
  }
}

TEST(Report, OfAStaleAttemptIsRefusedAndWritesNothing) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  coordinator.add_worker(kBert);
  const AttemptRef stale = coordinator.lease_trial(kAnna);
  coordinator.pass_until_lease_is_lost();
  coordinator.pass(coordinator.state().options.retry_delay);
  const AttemptRef current = coordinator.lease_trial(kBert);
  EXPECT_EQ(current.epoch, stale.epoch + 1);
  const std::vector<ReportEvent> events = {accuracy(1, 0.1), completed(1), Failure{}, ReleasedReport{}};
  for (const ReportEvent& event : events) {
    EXPECT_EQ(coordinator.refused_report(kAnna, stale, event), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(coordinator.last_writes().empty());
    EXPECT_EQ(coordinator.refused_report(kAnna, current, event), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(coordinator.last_writes().empty()) << "another worker's attempt";
  }
  EXPECT_EQ(coordinator.trial(current).state, TrialState::kRunning);
}

TEST(Report, OfAnAttemptWhoseLeaseIsOverButNotGivenAwayIsAccepted) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass(coordinator.state().options.lease_ttl + std::chrono::milliseconds(1));
  coordinator.complete(kAnna, attempt, 0.5);
  EXPECT_EQ(coordinator.trial(attempt).state, TrialState::kFinished);
}

TEST(Report, AfterALostAttemptIsRefused) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  coordinator.pass_until_lease_is_lost();
  EXPECT_EQ(coordinator.refused_report(kAnna, attempt, accuracy(1, 0.1)),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(coordinator.refused_report(kAnna, attempt, completed(1)), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(coordinator.last_writes().empty());
}

TEST(Report, ThatDoesNotFitItsWorkIsInvalid) {
  Coordinator coordinator;
  coordinator.add_worker(kAnna);
  coordinator.submit(sweep_of(1));
  const PrepareRef prepare = coordinator.lease_preparation(kAnna);
  EXPECT_EQ(coordinator.refused_report(kAnna, prepare, completed(1)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(coordinator.refused_report(kAnna, prepare, accuracy(1, 1)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(coordinator.refused_report(kAnna, AttemptRef{{1}, 1}, two_clips()),
            absl::StatusCode::kInvalidArgument);
}

TEST(Report, OfSeveralAttemptsRecordsThoseThatAreHeld) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  const std::vector<WorkReport> reports = {{AttemptRef{{2}, 1}, accuracy(1, 0.1)},
                                           {attempt, accuracy(1, 0.2)}};
  const auto reported = coordinator.ask<Reported>(ReportReceived{{}, kAnna, reports});
  EXPECT_THAT(reported.stale, testing::ElementsAre(WorkRef(AttemptRef{{2}, 1})));
  EXPECT_EQ(coordinator.store().metrics(attempt).size(), 2U);
  EXPECT_TRUE(coordinator.store().metrics({{2}, 1}).empty());
}

TEST(Report, OfSeveralAttemptsNoneOfWhichIsHeldIsRefused) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(2));
  const std::vector<WorkReport> reports = {{AttemptRef{{1}, 1}, accuracy(1, 0.1)},
                                           {AttemptRef{{2}, 1}, accuracy(1, 0.2)}};
  const auto refused = coordinator.ask<Refused>(ReportReceived{{}, kAnna, reports});
  EXPECT_EQ(refused.status.code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Failures, AreKeptUpToALengthAndCutBetweenCharacters) {
  Coordinator coordinator;
  coordinator.running_sweep(sweep_of(1));
  const AttemptRef attempt = coordinator.lease_trial(kAnna);
  std::string log = "x";
  while (log.size() < 1'000'000) log += "\u00e4";  // two bytes each, at odd places
  coordinator.report(kAnna, attempt, Failure{FailureKind::kInternal, log});
  const std::string& kept = coordinator.state().trials.at(attempt.trial).attempt->failure->message;
  EXPECT_EQ(kept, log.substr(0, 16'383) + "...");
}

}  // namespace
}  // namespace melsweep::core

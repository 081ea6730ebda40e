// What every store must keep, run on each of them.
#include "tests/coordinator/store/store_contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "shared/spec/names.h"

namespace melsweep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Snapshot empty(const StoreId& store) {
  Snapshot snapshot;
  snapshot.store = store;
  return snapshot;
}

TEST_P(StoreContract, ANewStoreIsEmpty) {
  EXPECT_EQ(load(), empty(load().store));
}

TEST_P(StoreContract, NothingToCommitIsFine) {
  commit_ok({});
  EXPECT_EQ(load(), empty(load().store));
}

TEST_P(StoreContract, HasANameThatStays) {
  const StoreId before = load().store;
  EXPECT_FALSE(before.value.empty());
  start_a_trial();
  EXPECT_EQ(load().store, before);
}

TEST_P(StoreContract, SweepsComeBackAsTheyWere) {
  SweepRecord plain = sample_sweep(1);
  SweepRecord full = sample_sweep(2, "naïve '); DROP TABLE sweeps;-- \"音\" \\");
  full.state = SweepState::kPreparing;
  full.reason = "line one\nline two";
  full.finished_ms = 1'760'000'099'999;
  full.spec.objective = {.metric = "validation/loss", .goal = Goal::kMinimize};
  full.spec.seeds = 3;
  full.spec.dataset.on_bad_clip = BadClipPolicy::kSkip;
  full.spec.base.features.representation = Representation::kHertz;
  full.yaml = "# written by hand\n";
  commit_ok({PutSweep{plain}, PutSweep{full}});
  EXPECT_THAT(load().sweeps, ElementsAre(plain, full));
}

// The first of a study, and one that waits for it.
std::vector<SweepRecord> sample_study() {
  SweepRecord first = sample_sweep(1, "first");
  first.study = {"study", SweepId{1}, {}};
  SweepRecord second = sample_sweep(2, "second");
  second.request = {};
  second.state = SweepState::kWaiting;
  second.spec.takes = {{"first", {"features.decibels", "training.steps"}}};
  second.spec.evaluate = Split::kTest;
  second.spec.train_on = TrainOn::kTrainingAndValidation;
  second.study = {"study", SweepId{1}, {{SweepId{1}, 0}}};
  return {first, second};
}

TEST_P(StoreContract, SweepsOfAStudyComeBackAsTheyWere) {
  const std::vector<SweepRecord> study = sample_study();
  commit_ok({PutSweep{study[0]}, PutSweep{study[1]}});
  EXPECT_EQ(load().sweeps, study);
  SweepRecord settled = study[1];
  settled.state = SweepState::kPreparing;
  settled.spec.base.training.steps = 77;
  settled.study.sources[0].trial = 3;
  commit_ok({PutSweep{settled}});
  EXPECT_THAT(load().sweeps, ElementsAre(study[0], settled));
}

TEST_P(StoreContract, OfAnEndedSweepOfAStudyItsPlaceComesBack) {
  std::vector<SweepRecord> study = sample_study();
  for (SweepRecord& sweep : study) sweep.state = SweepState::kFailed;
  commit_ok({PutSweep{study[0]}, PutSweep{study[1]}});
  const SweepRecord second = load().sweeps.at(1);
  EXPECT_EQ(second.study, (StudyMembership{"study", SweepId{1}, {}}));
}

TEST_P(StoreContract, NothingIsTakenFromAnUnknownSweep) {
  EXPECT_EQ(commit({PutSweep{sample_study()[1]}}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_P(StoreContract, TrialsComeBackAsTheyWere) {
  TrialRecord pending = sample_trial(11, 1, 1);
  TrialRecord finished = sample_trial(12, 1, 2);
  finished.cell.parameters = {{.name = "learning_rate", .value = 0.1 + 0.2},
                              {.name = "whole", .value = 1.0},
                              {.name = "batch_size", .value = std::numeric_limits<std::int64_t>::max()},
                              {.name = "flag", .value = true},
                              {.name = "off", .value = false},
                              {.name = "features.representation", .value = std::string("0.5")},
                              {.name = "empty", .value = std::string()}};
  finished.cell.settings.features.fmin = 0.1;
  finished.cell.settings.training.augmentation = {Augmentation::kChannels};
  finished.seed = std::numeric_limits<std::uint64_t>::max();
  finished.validation_fold = 7;
  finished.state = TrialState::kFinished;
  finished.epoch = 2;
  finished.failed_attempts = 1;
  finished.objective = 0.91300000000000003;
  finished.finished_ms = 1'760'000'003'000;
  finished.key = "5eed";
  finished.reused_from = pending.id;
  commit_ok({PutSweep{sample_sweep(1)}, PutTrial{pending}, PutTrial{finished}});
  EXPECT_THAT(load().trials, ElementsAre(pending, finished));
}

TEST_P(StoreContract, OfWhatHasEndedComesBackAnOutline) {
  SweepRecord sweep = sample_sweep(1);
  sweep.state = SweepState::kCancelled;
  sweep.finished_ms = 1'760'000'099'999;
  sweep.spec.objective = {.metric = "validation/loss", .goal = Goal::kMinimize};
  TrialRecord trial = sample_trial(12, 1, 2);
  trial.state = TrialState::kFinished;
  trial.objective = 0.5;
  commit_ok({PutSweep{sweep}, PutTrial{trial}});
  SweepRecord outline = sweep;
  outline.yaml = "";
  outline.spec = {};
  outline.spec.name = sweep.spec.name;
  outline.spec.objective = sweep.spec.objective;
  trial.cell.parameters.clear();
  trial.cell.settings = {};
  const Snapshot snapshot = load();
  EXPECT_THAT(snapshot.sweeps, ElementsAre(outline));
  EXPECT_THAT(snapshot.trials, ElementsAre(trial));
}

TEST_P(StoreContract, ATrialsStateIsWrittenAlone) {
  start_a_trial();
  commit_ok({PutTrialState{.trial = TrialId{11},
                           .state = TrialState::kFinished,
                           .epoch = 3,
                           .failed_attempts = 2,
                           .objective = 0.75,
                           .finished_ms = 1'760'000'003'000}});
  TrialRecord trial = sample_trial(11, 1, 1);
  trial.state = TrialState::kFinished;
  trial.epoch = 3;
  trial.failed_attempts = 2;
  trial.objective = 0.75;
  trial.finished_ms = 1'760'000'003'000;
  EXPECT_THAT(load().trials, ElementsAre(trial));
  commit_ok({PutTrialState{.trial = TrialId{11}, .epoch = 3, .objective = std::nan("")}});
  EXPECT_EQ(load().trials.front().objective, std::nullopt);
  EXPECT_EQ(load().trials.front().finished_ms, 0);
}

TEST_P(StoreContract, CancellingPendingTrialsLeavesTheOthersOfTheSweepAndOtherSweepsAlone) {
  start_a_trial();
  TrialRecord running = sample_trial(11, 1, 1);
  running.state = TrialState::kRunning;
  TrialRecord pending = sample_trial(12, 1, 2);
  pending.failed_attempts = 1;
  const TrialRecord other = sample_trial(13, 2, 1);
  commit_ok({PutTrial{running}, PutTrial{pending}, PutSweep{sample_sweep(2)}, PutTrial{other}});
  commit_ok({CancelPendingTrials{SweepId{1}, 1'760'000'003'000}});
  pending.state = TrialState::kCancelled;
  pending.finished_ms = 1'760'000'003'000;
  EXPECT_THAT(load().trials, ElementsAre(running, pending, other));
}

TEST_P(StoreContract, AFailingCommitTakesStatesAndCancellationsBack) {
  start_a_trial();
  const Snapshot before = load();
  EXPECT_FALSE(commit({PutTrialState{.trial = TrialId{11}, .epoch = 1, .objective = {}},
                       CancelPendingTrials{SweepId{1}, 7},
                       PutTrialState{.trial = TrialId{99}, .epoch = 1, .objective = {}}})
                   .ok());
  EXPECT_EQ(load(), before);
}

// The cells of a sweep come one after the other: a writer or reader that remembers the last one's settings
// must notice the next.
TEST_P(StoreContract, EachCellKeepsItsOwnSettings) {
  std::vector<TrialRecord> trials;
  std::vector<Write> writes{PutSweep{sample_sweep(1)}};
  for (int number = 1; number <= 6; ++number) {
    TrialRecord trial = sample_trial(number, 1, number);
    trial.cell = sample_trial(number, 1, (number + 1) / 2).cell;
    trials.push_back(trial);
    writes.emplace_back(PutTrial{trial});
  }
  commit_ok(std::move(writes));
  EXPECT_EQ(load().trials, trials);
}

TEST_P(StoreContract, AttemptsComeBackAsTheyWere) {
  const AttemptRecord running = sample_attempt(11, 2);
  AttemptRecord failed = sample_attempt(11, 1);
  failed.state = AttemptState::kFailed;
  failed.failure = Failure{.kind = FailureKind::kOutOfMemory, .message = ""};
  failed.ended_ms = 1'760'000'003'000;
  AttemptRecord finished = sample_attempt(12, 1);
  finished.state = AttemptState::kFinished;
  finished.checkpoint = Checkpoint{.step = 30000, .path = "/data/t12.safetensors", .sha256 = "ab"};
  commit_ok({PutSweep{sample_sweep(1)}, PutWorker{sample_worker()}, PutTrial{sample_trial(11, 1, 1)},
             PutTrial{sample_trial(12, 1, 2)}, PutAttempt{running}, PutAttempt{failed},
             PutAttempt{finished}});
  EXPECT_THAT(load().attempts, ElementsAre(failed, running, finished));
}

TEST_P(StoreContract, WorkersComeBackInOrderOfIds) {
  const WorkerRecord late = sample_worker("worker-9");
  const WorkerRecord early = sample_worker("worker-10");
  commit_ok({PutWorker{late}, PutWorker{early}});
  EXPECT_THAT(load().workers, ElementsAre(early, late));
}

TEST_P(StoreContract, PreparationsComeBackAsTheyWere) {
  const PreparationRecord waiting = sample_preparation(1, AttemptState::kReleased);
  const PreparationRecord leased{.sweep = SweepId{2},
                                 .epoch = 3,
                                 .failed_attempts = 2,
                                 .worker = WorkerId{"worker-1"},
                                 .request = RequestId{"r"},
                                 .state = AttemptState::kRunning};
  commit_ok({PutSweep{sample_sweep(1)}, PutSweep{sample_sweep(2)}, PutWorker{sample_worker()},
             PutPreparation{leased}, PutPreparation{waiting}});
  EXPECT_THAT(load().preparations, ElementsAre(waiting, leased));
}

TEST_P(StoreContract, DatasetsComeBackWithoutTheirClips) {
  DatasetReport report = sample_dataset();
  report.classes = {"b", "a"};
  report.validation_folds = {1, 3, 2};
  report.warnings = {"z", "a", "a"};
  commit_ok({PutSweep{sample_sweep(1)}, PutDataset{SweepId{1}, report}});
  report.clips.clear();
  report.skipped.clear();
  EXPECT_THAT(load().datasets, ElementsAre(Snapshot::Prepared{SweepId{1}, report}));
}

TEST_P(StoreContract, WarningsOfTrialsComeBehindThoseOfTheData) {
  DatasetReport report = sample_dataset();
  report.warnings = {"of the data"};
  DatasetReport other = sample_dataset();
  other.warnings = {};
  commit_ok({PutSweep{sample_sweep(1)}, PutSweep{sample_sweep(2)}, PutDataset{SweepId{1}, report},
             PutDataset{SweepId{2}, other}, AddWarning{SweepId{1}, "of trial 2"},
             AddWarning{SweepId{2}, "alone"}});
  commit_ok({AddWarning{SweepId{1}, "of trial 3"}});
  const Snapshot snapshot = load();
  ASSERT_EQ(snapshot.datasets.size(), 2U);
  EXPECT_THAT(snapshot.datasets[0].report.warnings, ElementsAre("of the data", "of trial 2", "of trial 3"));
  EXPECT_THAT(snapshot.datasets[1].report.warnings, ElementsAre("alone"));
}

TEST_P(StoreContract, EveryStateAndFailureIsAccepted) {
  start_a_trial();
  for (const auto& named : spec::Names<SweepState>::kAll) {
    SweepRecord sweep = sample_sweep(1);
    sweep.state = named.value;
    commit_ok({PutSweep{sweep}});
    EXPECT_EQ(load().sweeps.front().state, named.value);
  }
  for (const auto& named : spec::Names<TrialState>::kAll) {
    TrialRecord trial = sample_trial(11, 1, 1);
    trial.state = named.value;
    commit_ok({PutTrial{trial}});
    EXPECT_EQ(load().trials.front().state, named.value);
  }
  for (const auto& named : spec::Names<AttemptState>::kAll) {
    AttemptRecord attempt = sample_attempt(11, 1);
    attempt.state = named.value;
    commit_ok({PutAttempt{attempt}, PutPreparation{sample_preparation(1, named.value)}});
    EXPECT_EQ(load().attempts.front().state, named.value);
    EXPECT_EQ(load().preparations.front().state, named.value);
  }
  for (const auto& named : spec::Names<FailureKind>::kAll) {
    AttemptRecord attempt = sample_attempt(11, 1);
    attempt.failure = Failure{.kind = named.value, .message = "why"};
    commit_ok({PutAttempt{attempt}});
    EXPECT_EQ(load().attempts.front().failure, attempt.failure);
  }
  for (const auto& named : spec::Names<ReleaseReason>::kAll) {
    AttemptRecord attempt = sample_attempt(11, 1);
    attempt.release_reason = named.value;
    commit_ok({PutAttempt{attempt}});
    EXPECT_EQ(load().attempts.front().release_reason, named.value);
  }
}

TEST_P(StoreContract, ARecordReplacesTheOneOfItsIdAndNothingThatRefersToIt) {
  start_a_trial();
  commit_ok({AddMetrics{kFirstAttempt, {{100, "validation/accuracy", 0.5}}},
             PutDataset{SweepId{1}, sample_dataset()}});
  SweepRecord sweep = sample_sweep(1);
  sweep.reason = "changed";
  sweep.paused = true;
  TrialRecord trial = sample_trial(11, 1, 1);
  trial.cell.parameters = {{.name = "only", .value = std::string("one")}};
  AttemptRecord attempt = sample_attempt(11, 1);
  attempt.ended_ms = 7;
  attempt.resumed_from = ResumePoint{3, 700};
  WorkerRecord worker = sample_worker();
  worker.host = "moved";
  worker.draining = true;
  commit_ok({PutSweep{sweep}, PutTrial{trial}, PutAttempt{attempt}, PutWorker{worker}});
  const Snapshot snapshot = load();
  EXPECT_THAT(snapshot.sweeps, ElementsAre(sweep));
  EXPECT_THAT(snapshot.trials, ElementsAre(trial));
  EXPECT_THAT(snapshot.attempts, ElementsAre(attempt));
  EXPECT_THAT(snapshot.workers, ElementsAre(worker));
  EXPECT_EQ(snapshot.datasets.size(), 1);
  EXPECT_EQ(subject_->metrics(kFirstAttempt).size(), 1);
}

TEST_P(StoreContract, ASecondDatasetReplacesTheFirst) {
  DatasetReport second;
  second.content_hash = "other";
  second.classes = {"dog"};
  commit_ok(
      {PutSweep{sample_sweep(1)}, PutDataset{SweepId{1}, sample_dataset()}, PutDataset{SweepId{1}, second}});
  EXPECT_THAT(load().datasets, ElementsAre(Snapshot::Prepared{SweepId{1}, second}));
}

TEST_P(StoreContract, APointThatIsThereStaysAsItIs) {
  start_a_trial();
  const MetricPoint first{100, "validation/accuracy", 0.5};
  const MetricPoint other{200, "validation/accuracy", 0.6};
  commit_ok({AddMetrics{kFirstAttempt, {first}}});
  commit_ok({AddMetrics{kFirstAttempt, {{100, "validation/accuracy", 0.9}, other, other}}});
  EXPECT_THAT(subject_->metrics(kFirstAttempt), ElementsAre(first, other));
}

TEST_P(StoreContract, AMetricThatWasFirstNamedInVainIsTakenAgain) {
  start_a_trial();
  const MetricPoint point{100, "new", 0.5};
  PutTrialState unknown;
  unknown.trial = {99};
  const std::vector<Write> broken = {AddMetrics{kFirstAttempt, {point}}, unknown};
  EXPECT_FALSE(subject_->store().commit(broken).ok());
  commit_ok({AddMetrics{kFirstAttempt, {point}}});
  EXPECT_THAT(subject_->metrics(kFirstAttempt), ElementsAre(point));
}

TEST_P(StoreContract, KeepsWhatTheTimeOfAnAttemptWentIntoOnce) {
  start_a_trial();
  const std::vector<StageTime> stages = {{"bottlenecks", 0.25, 0, 1'000'000'000'000},
                                         {"training", 12.5, 300, 0}};
  commit_ok({PutStages{kFirstAttempt, {stages[1], stages[0]}}, PutStages{kFirstAttempt, {}}});
  EXPECT_EQ(subject_->stages(kFirstAttempt), stages);
  EXPECT_EQ(commit({PutStages{kFirstAttempt, {stages[1]}}}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(subject_->stages(kFirstAttempt), stages);
  EXPECT_EQ(commit({PutStages{AttemptRef{TrialId{11}, 2}, stages}}).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(StoreContract, StagesThatNobodyCanHaveMeasuredAreRefused) {
  start_a_trial();
  for (const StageTime& stage : std::vector<StageTime>{{"", 1.0, 0, 0},
                                                       {"a", std::nan(""), 0, 0},
                                                       {"a", -1.0, 0, 0},
                                                       {"a", 1.0, -1, 0},
                                                       {"a", 1.0, 0, -1}}) {
    EXPECT_EQ(commit({PutStages{kFirstAttempt, {stage}}}).code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_THAT(subject_->stages(kFirstAttempt), IsEmpty());
}

TEST_P(StoreContract, AFailingCommitTakesStagesBack) {
  start_a_trial();
  PutTrialState unknown;
  unknown.trial = {99};
  EXPECT_FALSE(commit({PutStages{kFirstAttempt, {{"training", 1.0, 1, 0}}}, unknown}).ok());
  EXPECT_THAT(subject_->stages(kFirstAttempt), IsEmpty());
}

TEST_P(StoreContract, NoPointsAreNoWrite) {
  commit_ok({AddMetrics{kFirstAttempt, {}}});
}

TEST_P(StoreContract, ARunningAttemptsLastObjectiveComesBack) {
  start_a_trial();
  commit_ok({AddMetrics{kFirstAttempt,
                        {{1000, "validation/accuracy", 0.5},
                         {500, "validation/accuracy", 0.9},
                         {2000, "train/accuracy", 0.7},
                         {2000, "validation/accuracy2", 0.8}}}});
  const Snapshot::ObjectivePoint expected{kFirstAttempt, {1000, "validation/accuracy", 0.5}};
  EXPECT_THAT(load().objectives, ElementsAre(expected));
  AttemptRecord ended = sample_attempt(11, 1);
  ended.state = AttemptState::kLost;
  commit_ok({PutAttempt{ended}});
  EXPECT_THAT(load().objectives, IsEmpty());
}

TEST_P(StoreContract, ADivergedObjectiveComesBackAsNaN) {
  start_a_trial();
  commit_ok({AddMetrics{kFirstAttempt, {{500, "validation/accuracy", std::nan("")}}}});
  const Snapshot snapshot = load();
  ASSERT_EQ(snapshot.objectives.size(), 1);
  EXPECT_TRUE(std::isnan(snapshot.objectives.front().point.value));
}

TEST_P(StoreContract, AnObjectiveThatIsNoNumberIsKeptAsNone) {
  TrialRecord trial = sample_trial(11, 1, 1);
  trial.objective = std::nan("");
  commit_ok({PutSweep{sample_sweep(1)}, PutTrial{trial}});
  EXPECT_EQ(load().trials.front().objective, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, kEveryStore, name_of_store);

}  // namespace
}  // namespace melsweep::store

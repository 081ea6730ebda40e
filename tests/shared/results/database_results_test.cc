#include "shared/results/database_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::results {
namespace {

using namespace store;  // NOLINT(google-build-using-namespace): records and the store that writes the fixture
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DatabaseResultsTest : public testing::Test {
 protected:
  void add(const std::vector<Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  void add_finished(std::int64_t id, std::int64_t number, std::optional<double> objective) {
    TrialRecord trial = sample_trial(id, 1, number);
    trial.state = TrialState::kFinished;
    trial.epoch = 1;
    trial.objective = objective;
    trial.finished_ms = 1'760'000'009'000;
    AttemptRecord attempt = sample_attempt(id, 1);
    attempt.state = AttemptState::kFinished;
    attempt.ended_ms = 1'760'000'008'000;
    attempt.checkpoint = Checkpoint{.step = 1000, .path = "/data/head", .sha256 = "ab"};
    add({PutTrial{trial}, PutAttempt{attempt}, PutEvaluation{attempt.ref, sample_evaluation()},
         AddMetrics{attempt.ref,
                    {{500, "validation/accuracy", 0.1},
                     {1000, "validation/accuracy", objective.value_or(std::nan(""))},
                     {500, "train/loss", 0.3}}}});
  }

  std::unique_ptr<DatabaseResults> results() { return open_database(path_).value(); }

  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(DatabaseResultsTest, AMissingFileIsNotFoundAndNotMade) {
  const std::string missing = path_ + "-none";
  EXPECT_EQ(open_database(missing).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST_F(DatabaseResultsTest, OtherFilesAreRefused) {
  const std::string other = path_ + "-other";
  std::ofstream(other) << std::string(4096, 'x');
  EXPECT_EQ(open_database(other).status().code(), absl::StatusCode::kFailedPrecondition);
  const std::string empty = path_ + "-empty";
  std::ofstream(empty).close();
  EXPECT_EQ(open_database(empty).status().code(), absl::StatusCode::kFailedPrecondition);
  const std::string foreign = path_ + "-foreign";
  SQLite::Database(foreign, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE sweeps (id)");
  EXPECT_EQ(open_database(foreign).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(open_database(folder_.path()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(DatabaseResultsTest, AnotherSchemaVersionIsRefused) {
  store_.reset();
  SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 999");
  const absl::Status status = open_database(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("999"));
}

TEST_F(DatabaseResultsTest, SeesWhatIsCommittedWhileItIsOpen) {
  const auto open = results();
  EXPECT_THAT(open->sweeps().value(), IsEmpty());
  add({PutSweep{sample_sweep(1)}});
  EXPECT_EQ(open->sweeps()->size(), 1);
}

TEST_F(DatabaseResultsTest, AClosedDatabaseIsReadWhereNothingMayBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  add({PutSweep{sample_sweep(1)}});
  store_.reset();
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0555), 0);
  const auto opened = open_database(path_);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->sweeps()->size(), 1);
}

TEST_F(DatabaseResultsTest, SweepsComeNewestFirstWithTheirCounts) {
  SweepRecord failed = sample_sweep(2, "second");
  failed.state = SweepState::kFailed;
  failed.reason = "no data";
  failed.finished_ms = 5;
  failed.spec.objective = {.metric = "validation/loss", .goal = Goal::kMinimize};
  TrialRecord broken = sample_trial(13, 1, 3);
  broken.state = TrialState::kFailed;
  TrialRecord running = sample_trial(14, 1, 4);
  running.state = TrialState::kRunning;
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutSweep{failed},
       PutDataset{SweepId{1}, sample_dataset()}, PutTrial{sample_trial(12, 1, 2)}, PutTrial{broken},
       PutTrial{running}});
  add_finished(11, 1, 0.5);
  const std::vector<SweepSummary> sweeps = results()->sweeps().value();
  ASSERT_EQ(sweeps.size(), 2);
  EXPECT_EQ(sweeps[0].name, "second");
  EXPECT_EQ(sweeps[0].state, SweepState::kFailed);
  EXPECT_EQ(sweeps[0].reason, "no data");
  EXPECT_EQ(sweeps[0].objective_metric, "validation/loss");
  EXPECT_EQ(sweeps[0].goal, Goal::kMinimize);
  EXPECT_EQ(sweeps[0].finished_ms, 5);
  EXPECT_EQ(sweeps[0].clips, 0);
  EXPECT_EQ(sweeps[1].id, SweepId{1});
  EXPECT_EQ(sweeps[1].trials_total, 4);
  EXPECT_EQ(sweeps[1].trials_running, 1);
  EXPECT_EQ(sweeps[1].trials_finished, 1);
  EXPECT_EQ(sweeps[1].trials_failed, 1);
  EXPECT_EQ(sweeps[1].clips, 2);
  EXPECT_EQ(sweeps[1].clips_skipped, 1);
  EXPECT_THAT(sweeps[1].warnings, ElementsAre("one recording is on both sides of the split"));
  EXPECT_EQ(sweeps[1].created_ms, 1'760'000'000'001);
  EXPECT_EQ(sweeps[1].finished_ms, 0);
}

TEST_F(DatabaseResultsTest, ASweepIsNamedByNumberByNameOrAsTheLast) {
  add({PutSweep{sample_sweep(1, "grid")}, PutSweep{sample_sweep(2, "grid")}, PutSweep{sample_sweep(3, "1")},
       PutSweep{sample_sweep(4, "7")}});
  const auto open = results();
  EXPECT_EQ(open->sweep("1")->id, SweepId{1});
  EXPECT_EQ(open->sweep("7")->id, SweepId{4});
  EXPECT_EQ(open->sweep("grid")->id, SweepId{2});
  EXPECT_EQ(open->sweep("last")->id, SweepId{4});
}

TEST_F(DatabaseResultsTest, AnUnknownSweepIsNotFoundAndTheOthersAreListed) {
  const auto open = results();
  EXPECT_EQ(open->sweep("last").status().code(), absl::StatusCode::kNotFound);
  std::vector<Write> writes;
  for (int id = 1; id <= 12; ++id)
    writes.emplace_back(PutSweep{sample_sweep(id, "grid-" + std::to_string(id))});
  add(writes);
  for (const std::string which : {"", "gri", "13", "-1", "99999999999999999999", "' OR 1=1 --"}) {
    const absl::Status status = open->sweep(which).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << which;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("12 'grid-12'"), HasSubstr("3 'grid-3', ..."),
                                                     Not(HasSubstr("2 'grid-2',"))));
  }
}

TEST_F(DatabaseResultsTest, TrialsComeInOrderOfNumberWithTheirLatestAttempt) {
  TrialRecord retried = sample_trial(12, 1, 1);
  retried.state = TrialState::kRunning;
  retried.epoch = 3;
  retried.seed = 4;
  retried.validation_fold = 9;
  AttemptRecord failed = sample_attempt(12, 1);
  failed.state = AttemptState::kFailed;
  failed.failure = Failure{.kind = FailureKind::kOutOfMemory, .message = "first"};
  AttemptRecord failed_again = sample_attempt(12, 2);
  failed_again.state = AttemptState::kLost;
  failed_again.failure = Failure{.kind = FailureKind::kTrainerDied, .message = "second"};
  AttemptRecord running = sample_attempt(12, 3, "worker-2");
  running.started_ms = 77;
  add({PutWorker{sample_worker()}, PutWorker{sample_worker("worker-2")}, PutSweep{sample_sweep(1)},
       PutTrial{sample_trial(13, 1, 3)}, PutTrial{retried}, PutAttempt{failed}, PutAttempt{failed_again},
       PutAttempt{running}, AddMetrics{failed.ref, {{9, "validation/accuracy", 0.9}}},
       AddMetrics{running.ref, {{5, "validation/accuracy", 0.5}}}});
  add_finished(11, 2, 0.75);
  const std::vector<TrialSummary> trials = results()->trials(SweepId{1}).value();
  ASSERT_EQ(trials.size(), 3);
  EXPECT_EQ(trials[0].id, TrialId{12});
  EXPECT_EQ(trials[0].number, 1);
  EXPECT_EQ(trials[0].rank, 0);
  EXPECT_EQ(trials[0].seed, 4);
  EXPECT_EQ(trials[0].validation_fold, 9);
  EXPECT_EQ(trials[0].state, TrialState::kRunning);
  EXPECT_EQ(trials[0].attempts, 3);
  EXPECT_EQ(trials[0].worker, "worker-2");
  EXPECT_EQ(trials[0].objective, std::nullopt);
  EXPECT_EQ(trials[0].failure, "second");
  EXPECT_EQ(trials[0].checkpoint, "");
  EXPECT_EQ(trials[0].started_ms, 77);
  EXPECT_THAT(trials[0].last_metrics, ElementsAre(MetricPoint{5, "validation/accuracy", 0.5}));
  EXPECT_EQ(trials[1].number, 2);
  EXPECT_EQ(trials[1].sweep, SweepId{1});
  EXPECT_EQ(trials[1].rank, 1);
  EXPECT_EQ(trials[1].objective, 0.75);
  EXPECT_EQ(trials[1].parameters, sample_trial(11, 1, 2).cell.parameters);
  EXPECT_EQ(trials[1].checkpoint, "/data/head");
  EXPECT_EQ(trials[1].finished_ms, 1'760'000'009'000);
  EXPECT_THAT(trials[1].last_metrics, ElementsAre(MetricPoint{500, "train/loss", 0.3},
                                                  MetricPoint{1000, "validation/accuracy", 0.75}));
  EXPECT_EQ(trials[2].state, TrialState::kPending);
  EXPECT_EQ(trials[2].attempts, 0);
  EXPECT_EQ(trials[2].worker, "");
  EXPECT_THAT(trials[2].last_metrics, IsEmpty());
}

TEST_F(DatabaseResultsTest, TheLeaderboardHasTheFinishedTrialsBestFirst) {
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutTrial{sample_trial(14, 1, 4)}});
  add_finished(11, 1, 0.5);
  add_finished(12, 2, std::nullopt);
  add_finished(13, 3, 0.75);
  const auto open = results();
  EXPECT_THAT(open->leaderboard(SweepId{1}).value(),
              ElementsAre(AllOf(Field(&TrialSummary::number, 3), Field(&TrialSummary::rank, 1)),
                          AllOf(Field(&TrialSummary::number, 1), Field(&TrialSummary::rank, 2)),
                          AllOf(Field(&TrialSummary::number, 2), Field(&TrialSummary::rank, 3))));
  EXPECT_EQ(open->best(SweepId{1})->number, 3);
  EXPECT_TRUE(std::isnan(open->leaderboard(SweepId{1})->back().last_metrics.back().value));
}

TEST_F(DatabaseResultsTest, TrialsAndLeaderboardComeInParts) {
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutTrial{sample_trial(14, 1, 4)}});
  add_finished(11, 1, 0.5);
  add_finished(12, 2, 0.25);
  add_finished(13, 3, 0.75);
  const auto open = results();
  const auto numbers = [](const std::vector<TrialSummary>& trials) {
    std::vector<std::int64_t> numbers;
    for (const TrialSummary& trial : trials) numbers.push_back(trial.number);
    return numbers;
  };
  EXPECT_THAT(numbers(*open->trials(SweepId{1}, {.after = 0, .limit = 2})), ElementsAre(1, 2));
  EXPECT_THAT(numbers(*open->trials(SweepId{1}, {.after = 2, .limit = 9})), ElementsAre(3, 4));
  EXPECT_THAT(numbers(*open->leaderboard(SweepId{1}, {.after = 0, .limit = 2})), ElementsAre(3, 1));
  EXPECT_THAT(numbers(*open->leaderboard(SweepId{1}, {.after = 2, .limit = 9})), ElementsAre(2));
  EXPECT_THAT(numbers(*open->leaderboard(SweepId{1}, {.after = 3, .limit = 9})), IsEmpty());
}

TEST_F(DatabaseResultsTest, ProgressHasTheBestAndHowLongTrialsTake) {
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutTrial{sample_trial(14, 1, 4)}});
  const auto open = results();
  EXPECT_EQ(open->progress(SweepId{1})->best, std::nullopt);
  EXPECT_EQ(open->progress(SweepId{1})->mean_duration_ms, 0);
  add_finished(11, 1, 0.5);
  EXPECT_EQ(open->progress(SweepId{1})->best->number, 1);
  add_finished(12, 2, 0.75);
  const auto progress = open->progress(SweepId{1});
  EXPECT_EQ(progress->best->number, 2) << "the ranking is that of the moment";
  EXPECT_EQ(progress->sweep.trials_finished, 2);
  EXPECT_EQ(progress->mean_duration_ms, 6'000);
  EXPECT_EQ(open->progress(SweepId{2}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(DatabaseResultsTest, StandingsAreThoseOfTheSweepThatIsAskedFor) {
  TrialRecord other = sample_trial(21, 2, 1);
  other.state = TrialState::kFinished;
  other.objective = 0.1;
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutSweep{sample_sweep(2)}, PutTrial{other}});
  add_finished(11, 1, 0.5);
  const auto open = results();
  EXPECT_EQ(open->best(SweepId{1})->id, TrialId{11});
  EXPECT_EQ(open->best(SweepId{2})->id, TrialId{21});
  EXPECT_EQ(open->trials(SweepId{1})->front().rank, 1);
}

TEST_F(DatabaseResultsTest, ListsCostWhatTheirLengthCosts) {
  const auto add_trials = [this](std::int64_t first, std::int64_t last) {
    for (std::int64_t number = first; number <= last; ++number) add_finished(number, number, 0.5);
  };
  const auto open = results();
  int looks = 0;
  open->stop_when([&looks] { return ++looks, false; });
  const auto cost = [&](auto read) {
    looks = 0;
    EXPECT_TRUE(read().ok());
    return looks;
  };
  const auto list = [&] { return open->trials(SweepId{1}); };
  const auto board = [&] { return open->leaderboard(SweepId{1}); };
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}});
  add_trials(1, 200);
  const int short_list = cost(list);
  const int short_board = cost(board);
  add_trials(201, 800);
  EXPECT_LE(cost(list), 6 * (short_list + 1)) << "for four times the trials";
  EXPECT_LE(cost(board), 6 * (short_board + 1));
}

TEST_F(DatabaseResultsTest, AReadStopsWhenItIsToldTo) {
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}});
  std::vector<Write> writes;
  for (int number = 1; number <= 2000; ++number)
    writes.emplace_back(PutTrial{sample_trial(number, 1, number)});
  add(writes);
  const auto open = results();
  open->stop_when([] { return true; });
  EXPECT_EQ(open->trials(SweepId{1}).status().code(), absl::StatusCode::kCancelled);
  open->stop_when(nullptr);
  EXPECT_EQ(open->trials(SweepId{1})->size(), 2000U);
}

TEST_F(DatabaseResultsTest, WithoutFinishedTrialsThereIsNoBest) {
  add({PutSweep{sample_sweep(1)}, PutTrial{sample_trial(11, 1, 1)}});
  const auto open = results();
  EXPECT_EQ(open->best(SweepId{1}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(open->leaderboard(SweepId{1}).value(), IsEmpty());
}

TEST_F(DatabaseResultsTest, TrialsOfAnUnknownSweepAreNotFound) {
  EXPECT_EQ(results()->trials(SweepId{9}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(results()->leaderboard(SweepId{9}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(DatabaseResultsTest, ClassMetricsAreThoseOfTheModel) {
  add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutTrial{sample_trial(12, 1, 2)}});
  add_finished(11, 1, 0.5);
  EXPECT_EQ(results()->class_metrics(TrialId{11}).value(), class_metrics(sample_evaluation()));
  EXPECT_EQ(results()->class_metrics(TrialId{12}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(DatabaseResultsTest, PausedSweepsAndWorkersThatAreToLeaveAreShownAsSuch) {
  SweepRecord paused = sample_sweep(2);
  paused.paused = true;
  WorkerRecord leaving = sample_worker("worker-2");
  leaving.draining = true;
  add({PutSweep{sample_sweep(1)}, PutSweep{paused}, PutWorker{sample_worker("worker-1")},
       PutWorker{leaving}});
  EXPECT_TRUE(results()->sweep("2")->paused);
  EXPECT_FALSE(results()->sweep("1")->paused);
  EXPECT_FALSE(results()->workers()->at(0).draining);
  EXPECT_TRUE(results()->workers()->at(1).draining);
}

TEST_F(DatabaseResultsTest, WorkersShowWhatTheyRunAndWhenTheyLastSpoke) {
  AttemptRecord ended = sample_attempt(12, 1, "worker-2");
  ended.state = AttemptState::kFailed;
  ended.ended_ms = 1'760'000'999'000;
  add({PutWorker{sample_worker("worker-1")}, PutWorker{sample_worker("worker-2")},
       PutWorker{sample_worker("worker-3")}, PutSweep{sample_sweep(1)}, PutTrial{sample_trial(11, 1, 1)},
       PutTrial{sample_trial(12, 1, 2)}, PutAttempt{sample_attempt(11, 1)}, PutAttempt{ended}});
  const std::vector<WorkerSummary> workers = results()->workers().value();
  ASSERT_EQ(workers.size(), 3);
  EXPECT_EQ(workers[0].id, WorkerId{"worker-1"});
  EXPECT_EQ(workers[0].host, "host-of-worker-1");
  EXPECT_EQ(workers[0].device, "cuda:0");
  EXPECT_EQ(workers[0].resources, store::sample_worker().resources);
  EXPECT_EQ(workers[0].trial, TrialId{11});
  EXPECT_EQ(workers[0].last_seen_ms, 1'760'000'002'000);
  EXPECT_EQ(workers[1].trial, std::nullopt);
  EXPECT_EQ(workers[1].last_seen_ms, 1'760'000'999'000);
  EXPECT_EQ(workers[2].last_seen_ms, 1'760'000'000'500);
}

}  // namespace
}  // namespace melsweep::results

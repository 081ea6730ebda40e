// The documented views over a database with known contents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "SQLiteCpp/Statement.h"
#include "coordinator/store/sqlite_store.h"
#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/temporary_folder.h"

namespace melsweep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Views : public testing::Test {
 protected:
  Views() {
    add({PutWorker{sample_worker()}, PutSweep{sample_sweep(1)}, PutDataset{SweepId{1}, sample_dataset()}});
  }

  void add(const std::vector<Write>& writes) {
    const absl::Status status = store_->commit(writes);
    ASSERT_TRUE(status.ok()) << status;
  }

  // A trial that finished at its second attempt; its id is 10 * sweep + number.
  void finish(std::int64_t sweep, std::int64_t number, std::int64_t cell, std::optional<double> objective) {
    TrialRecord trial = sample_trial(10 * sweep + number, sweep, number);
    trial.cell.index = cell;
    trial.state = TrialState::kFinished;
    trial.epoch = 2;
    trial.objective = objective;
    trial.finished_ms = 1'760'000'005'250;
    AttemptRecord lost = sample_attempt(trial.id.value, 1);
    lost.state = AttemptState::kLost;
    AttemptRecord finished = sample_attempt(trial.id.value, 2);
    finished.state = AttemptState::kFinished;
    finished.ended_ms = finished.started_ms + 3250;
    finished.checkpoint = Checkpoint{.step = 1000, .path = "/data/head.safetensors", .sha256 = "ab"};
    Evaluation flattering = sample_evaluation();
    flattering.predictions.pop_back();
    add({PutTrial{trial}, PutAttempt{lost}, PutAttempt{finished}, PutEvaluation{lost.ref, flattering},
         PutEvaluation{finished.ref, sample_evaluation()},
         AddMetrics{lost.ref, {{500, "validation/accuracy", 0.99}, {2000, "validation/accuracy", 0.98}}},
         AddMetrics{finished.ref,
                    {{500, "validation/accuracy", 0.4},
                     {1000, "validation/accuracy", objective.value_or(std::nan(""))},
                     {1000, "validation/loss", 0.7},
                     {1000, "train/accuracy", 0.95},
                     {1000, "train/loss", 0.1}}}});
  }

  // A trial of this cell that came to nothing, or has not yet; its id is 10 * sweep + number.
  void add_unfinished(std::int64_t sweep, std::int64_t number, std::int64_t cell, TrialState state) {
    TrialRecord trial = sample_trial(10 * sweep + number, sweep, number);
    trial.cell.index = cell;
    trial.state = state;
    add({PutTrial{trial}});
  }

  // How many steps of SQLite's virtual machine it takes to read this to its end, in hundreds.
  int cost(const std::string& sql) {
    SQLite::Database database(path_);
    int hundreds = 0;
    const auto count = [](void* counter) { return ++*static_cast<int*>(counter), 0; };
    sqlite3_progress_handler(database.getHandle(), 100, count, &hundreds);
    SQLite::Statement select(database, sql);
    while (select.executeStep()) continue;
    return hundreds;
  }

  // Rows with their columns joined by '|', as the sqlite3 program prints them.
  std::vector<std::string> rows(const std::string& sql) {
    SQLite::Database database(path_);
    SQLite::Statement select(database, sql);
    std::vector<std::string> rows;
    while (select.executeStep()) {
      std::string row;
      for (int column = 0; column < select.getColumnCount(); ++column) {
        if (column > 0) row += '|';
        row += select.getColumn(column).getString();
      }
      rows.push_back(row);
    }
    return rows;
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_.path() / "results.db").string();
  std::unique_ptr<Store> store_ = open_sqlite_store(path_).value();
};

TEST_F(Views, TheLeaderboardRanksByTheCellsMeanThenByTheOwnObjective) {
  finish(1, 1, 0, 0.80);
  finish(1, 2, 0, 0.60);
  finish(1, 3, 1, 0.70);
  finish(1, 4, 1, 0.72);
  finish(1, 5, 2, 0.72);
  EXPECT_THAT(rows("SELECT rank, trial, round(cell_objective, 3) FROM leaderboard"),
              ElementsAre("1|5|0.72", "2|4|0.71", "3|3|0.71", "4|1|0.7", "5|2|0.7"));
}

TEST_F(Views, StageTimesAreThoseOfTheAttemptThatFinished) {
  finish(1, 1, 0, 0.8);
  add({PutStages{AttemptRef{TrialId{11}, 2}, {{"training", 12.5, 1000, 0}, {"bottlenecks", 0.5, 2, 318}}}});
  EXPECT_THAT(rows("SELECT * FROM stage_times ORDER BY stage"),
              ElementsAre("1|lr-batch-grid|1|bottlenecks|0.5|2|318|lease-11-2|11",
                          "1|lr-batch-grid|1|training|12.5|1000|0|lease-11-2|11"));
}

TEST_F(Views, TrialsThatAreEqualAreRankedByNumber) {
  finish(1, 2, 1, 0.5);
  finish(1, 1, 0, 0.5);
  EXPECT_THAT(rows("SELECT rank, trial FROM leaderboard"), ElementsAre("1|1", "2|2"));
}

TEST_F(Views, AGoalToMinimizePutsTheSmallestFirst) {
  SweepRecord sweep = sample_sweep(1);
  sweep.spec.objective = {.metric = "validation/loss", .goal = Goal::kMinimize};
  add({PutSweep{sweep}});
  finish(1, 1, 0, 0.8);
  finish(1, 2, 1, 0.6);
  EXPECT_THAT(rows("SELECT rank, trial, objective, objective_metric FROM leaderboard"),
              ElementsAre("1|2|0.6|validation/loss", "2|1|0.8|validation/loss"));
}

TEST_F(Views, ACellWithAFailedTrialComesLastAndHasNoMean) {
  finish(1, 1, 0, 0.9);
  add_unfinished(1, 2, 0, TrialState::kFailed);  // as a diverged one ends
  finish(1, 3, 1, 0.1);
  finish(1, 4, 2, 0.2);
  add_unfinished(1, 5, 2, TrialState::kCancelled);
  EXPECT_THAT(rows("SELECT rank, trial, objective, cell_objective FROM leaderboard"),
              ElementsAre("1|3|0.1|0.1", "2|4|0.2|0.2", "3|1|0.9|"));
  EXPECT_THAT(rows("SELECT trial FROM best_run"), ElementsAre("3"));
}

TEST_F(Views, CompleteCellsComeBeforeThoseThatGoOnOrWereCancelled) {
  finish(1, 1, 0, 0.9);
  add_unfinished(1, 2, 0, TrialState::kPending);
  finish(1, 3, 1, 0.95);
  add_unfinished(1, 4, 1, TrialState::kCancelled);
  finish(1, 5, 2, 0.3);
  finish(1, 6, 2, 0.5);
  EXPECT_THAT(rows("SELECT rank, trial, cell_objective FROM leaderboard"),
              ElementsAre("1|6|0.4", "2|5|0.4", "3|3|0.95", "4|1|0.9"));
}

TEST_F(Views, AFinishedTrialWithoutAnObjectiveCountsAsFailed) {
  finish(1, 1, 0, 0.9);
  finish(1, 2, 0, std::nan(""));
  finish(1, 3, 1, 0.1);
  EXPECT_THAT(rows("SELECT rank, trial, objective FROM leaderboard"),
              ElementsAre("1|3|0.1", "2|1|0.9", "3|2|"));
}

TEST_F(Views, TheLeaderboardShowsTheFinishedAttemptAtItsLastStep) {
  finish(1, 1, 0, 0.5);
  EXPECT_THAT(
      rows("SELECT sweep_id, sweep, parameters, learning_rate, batch_size, seed, fold, objective,"
           " validation_accuracy, validation_loss, train_accuracy, train_loss, steps, duration_s, worker,"
           " device, warnings, clips_skipped, finished_at, checkpoint, parameters_json FROM leaderboard"),
      ElementsAre(
          "1|lr-batch-grid|learning_rate=0.05 batch_size=50|0.05|50|0||0.5|0.5|0.7|0.95|0.1|30000|3.25|"
          "worker-1|cuda:0|one recording is on both sides of the split|1|2025-10-09T08:53:25Z|"
          "/data/head.safetensors|{\"learning_rate\":0.05,\"batch_size\":50}"));
}

TEST_F(Views, ParametersKeepTheirTypesInJson) {
  TrialRecord trial = sample_trial(11, 1, 1);
  trial.state = TrialState::kFinished;
  trial.cell.parameters = {{.name = "flag", .value = true},
                           {.name = "features.image", .value = std::string("it's \"gray\"")},
                           {.name = "n", .value = std::int64_t{7}}};
  add({PutTrial{trial}});
  EXPECT_THAT(rows("SELECT parameters_json FROM leaderboard"),
              ElementsAre(R"({"flag":true,"features.image":"it's \"gray\"","n":7})"));
  EXPECT_THAT(rows("SELECT name, typeof(value) FROM parameters ORDER BY position"),
              ElementsAre("flag|integer", "features.image|text", "n|integer"));
}

TEST_F(Views, ParametersCompareAsNumbers) {
  add({PutTrial{sample_trial(11, 1, 1)}, PutTrial{sample_trial(12, 1, 2)}});
  EXPECT_THAT(
      rows("SELECT trial_id FROM parameters WHERE name = 'batch_size' AND value > 9.5 AND value < 100"),
      ElementsAre("11"));
}

TEST_F(Views, BestRunHasARowForEachSweepWithAFinishedTrialNewestFirst) {
  add({PutSweep{sample_sweep(2, "second")}, PutSweep{sample_sweep(3, "nothing yet")},
       PutTrial{sample_trial(31, 3, 1)}});
  finish(1, 1, 0, 0.5);
  finish(1, 2, 1, 0.6);
  finish(2, 1, 0, 0.4);
  EXPECT_THAT(rows("SELECT sweep, trial, objective, trials, trials_finished, warnings <> '' FROM best_run"),
              ElementsAre("second|1|0.4|1|1|0", "lr-batch-grid|2|0.6|2|2|1"));
}

TEST_F(Views, RunningTrialsAreInNoView) {
  add({PutTrial{sample_trial(11, 1, 1)}, PutAttempt{sample_attempt(11, 1)},
       AddMetrics{{TrialId{11}, 1}, {{1, "validation/accuracy", 0.5}}}});
  for (const std::string view : {"best_run", "leaderboard", "trial_metrics", "class_metrics", "confusion"}) {
    EXPECT_THAT(rows("SELECT * FROM " + view), IsEmpty()) << view;
  }
}

TEST_F(Views, TrialMetricsAreThoseOfTheAttemptThatFinished) {
  finish(1, 1, 0, 0.5);
  EXPECT_THAT(
      rows("SELECT sweep, trial, step, metric, value FROM trial_metrics WHERE metric LIKE 'validation/%'"
           " ORDER BY metric, step"),
      ElementsAre("lr-batch-grid|1|500|validation/accuracy|0.4",
                  "lr-batch-grid|1|1000|validation/accuracy|0.5",
                  "lr-batch-grid|1|1000|validation/loss|0.7"));
}

TEST_F(Views, ClassMetricsConfusionAndMisclassifiedFollowFromThePredictions) {
  finish(1, 1, 0, 0.5);
  EXPECT_THAT(rows("SELECT trial, split, class, precision, recall, round(f1, 3), support FROM class_metrics"),
              ElementsAre("1|validation|car_horn|0.5|1.0|0.667|1", "1|validation|siren|1.0|0.5|0.667|2"));
  EXPECT_THAT(rows("SELECT true_class, predicted_class, clips, fraction FROM confusion"),
              ElementsAre("car_horn|car_horn|1|1.0", "car_horn|siren|0|0.0", "siren|car_horn|1|0.5",
                          "siren|siren|1|0.5"));
  EXPECT_THAT(rows("SELECT trial, clip, true_class, predicted_class, true_probability, predicted_probability,"
                   " probabilities FROM misclassified"),
              ElementsAre("1|fold9/d.wav|siren|car_horn|0.25|0.75|{\"car_horn\":0.75,\"siren\":0.25}"));
}

TEST_F(Views, ASecondEvaluationReplacesTheFirst) {
  finish(1, 1, 0, 0.5);
  Evaluation better = sample_evaluation();
  better.predictions.back().predicted_class = 1;
  add({PutEvaluation{{TrialId{11}, 2}, better}});
  EXPECT_THAT(rows("SELECT * FROM misclassified"), IsEmpty());
  EXPECT_THAT(
      rows("SELECT count(*) FROM predictions WHERE evaluation_id NOT IN (SELECT id FROM evaluations)"),
      ElementsAre("0"));
}

TEST_F(Views, RankingCostsHardlyMoreThanTheTrialsItRanks) {
  const auto add_trials = [this](std::int64_t first, std::int64_t last) {
    std::vector<Write> writes;
    for (std::int64_t number = first; number <= last; ++number) {
      TrialRecord trial = sample_trial(number, 1, number);
      trial.state = TrialState::kFinished;
      trial.objective = 1.0 / static_cast<double>(number);
      AttemptRecord attempt = sample_attempt(number, 1);
      attempt.state = AttemptState::kFinished;
      writes.insert(writes.end(), {PutTrial{trial}, PutAttempt{attempt}});
    }
    add(writes);
  };
  const std::vector<std::string> queries = {
      "SELECT * FROM best_run", "SELECT * FROM leaderboard", "SELECT * FROM leaderboard WHERE sweep_id = 1",
      "SELECT trial_id FROM ranked_trials WHERE sweep_id = 1 ORDER BY rank"};
  add_trials(1, 100);
  std::vector<int> before;
  for (const std::string& query : queries) before.push_back(cost(query));
  add_trials(101, 1000);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    EXPECT_LT(cost(queries[i]), 15 * before[i]) << "for ten times the trials: " << queries[i];
  }
}

TEST_F(Views, NoQueryWalksThroughTheLargeTables) {
  const std::regex walk("SCAN (m|metrics|p|predictions|clips|e|c|truth|predicted|k)\\b.*|SCAN .*LEFT-JOIN");
  for (const std::string query :
       {"leaderboard WHERE sweep_id = 5", "leaderboard", "best_run", "trial_metrics WHERE trial_id = 5",
        "trial_metrics WHERE sweep = 'a' AND trial = 3 AND metric = 'validation/loss'",
        "class_metrics WHERE sweep_id = 1 AND trial = 2", "confusion WHERE sweep_id = 1 AND trial = 2",
        "misclassified WHERE sweep_id = 1 AND trial = 2"}) {
    SQLite::Database database(path_);
    SQLite::Statement plan(database, "EXPLAIN QUERY PLAN SELECT * FROM " + query);
    while (plan.executeStep()) {
      const std::string step = plan.getColumn(3).getString();
      EXPECT_FALSE(std::regex_match(step, walk)) << query << ": " << step;
    }
  }
}

}  // namespace
}  // namespace melsweep::store

#include "client/output/result_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace melsweep::output {
namespace {

results::TrialSummary sample_trial() {
  results::TrialSummary trial;
  trial.number = 4;
  trial.rank = 1;
  trial.parameters = {{.name = "learning_rate", .value = 0.05},
                      {.name = "batch_size", .value = std::int64_t{200}}};
  trial.state = TrialState::kFinished;
  trial.attempts = 2;
  trial.worker = "w";
  trial.objective = 0.9;
  trial.last_metrics = {{.step = 10, .name = "validation/accuracy", .value = 0.9},
                        {.step = 10, .name = "train/loss", .value = 0.1}};
  trial.checkpoint = "/data/checkpoint.safetensors";
  trial.started_ms = 5000;
  trial.finished_ms = 7500;
  return trial;
}

TEST(ResultTablesTest, TrialsHaveAColumnForEachSweptParameter) {
  const auto json = nlohmann::json::parse(trials_table({sample_trial()}).render(OutputFormat::kJson));
  EXPECT_EQ(json[0]["learning_rate"], 0.05);
  EXPECT_EQ(json[0]["batch_size"], 200);
  EXPECT_EQ(json[0]["state"], "finished");
  EXPECT_EQ(json[0]["validation_accuracy"], 0.9);
  EXPECT_EQ(json[0]["duration_s"], 2.5);
  EXPECT_TRUE(json[0]["train_accuracy"].is_null());
  EXPECT_TRUE(json[0]["fold"].is_null());
}

TEST(ResultTablesTest, SmallSettingsStayReadable) {
  results::TrialSummary trial = sample_trial();
  trial.parameters = {{.name = "learning_rate", .value = 0.00001}};
  EXPECT_THAT(trials_table({trial}).render(OutputFormat::kTable), testing::HasSubstr("1e-05"));
}

TEST(ResultTablesTest, LeaderboardNamesRankAndCheckpoint) {
  const auto json = nlohmann::json::parse(leaderboard_table({sample_trial()}).render(OutputFormat::kJson));
  EXPECT_EQ(json[0]["rank"], 1);
  EXPECT_EQ(json[0]["trial"], 4);
  EXPECT_EQ(json[0]["checkpoint"], "/data/checkpoint.safetensors");
}

TEST(ResultTablesTest, BriefLeaderboardShowsSeedsOnlyWhereTheyDiffer) {
  results::TrialSummary other = sample_trial();
  const std::string same =
      brief_leaderboard({sample_trial(), other}, "validation/accuracy").render(OutputFormat::kTable);
  EXPECT_THAT(same, testing::Not(testing::HasSubstr("seed")));
  other.seed = 1;
  const std::string differ =
      brief_leaderboard({sample_trial(), other}, "validation/accuracy").render(OutputFormat::kTable);
  EXPECT_THAT(differ, testing::HasSubstr("seed"));
}

TEST(ResultTablesTest, BriefLeaderboardShowsAnUnusualObjective) {
  EXPECT_THAT(brief_leaderboard({sample_trial()}, "train/loss").render(OutputFormat::kTable),
              testing::HasSubstr("train/loss"));
}

TEST(ResultTablesTest, PeopleReadThatASweepIsPausedProgramsReadTrue) {
  results::SweepSummary sweep;
  sweep.state = SweepState::kRunning;
  sweep.paused = true;
  const std::string table = sweeps_table({sweep}, OutputFormat::kTable).render(OutputFormat::kTable);
  EXPECT_THAT(table, testing::HasSubstr("paused"));
  EXPECT_THAT(table, testing::Not(testing::HasSubstr("true")));
  const auto json =
      nlohmann::json::parse(sweeps_table({sweep}, OutputFormat::kJson).render(OutputFormat::kJson));
  EXPECT_EQ(json[0]["state"], "running");
  EXPECT_EQ(json[0]["paused"], true);
  sweep.paused = false;
  EXPECT_THAT(sweeps_table({sweep}, OutputFormat::kTable).render(OutputFormat::kTable),
              testing::Not(testing::HasSubstr("paused")));
}

TEST(ResultTablesTest, ACellHasItsMeanAndItsSpread) {
  results::CellSummary cell;
  cell.rank = 1;
  cell.parameters = {{"learning_rate", 0.05}};
  cell.mean = 0.75;
  cell.deviation = 0.125;
  cell.lowest = 0.5;
  cell.highest = 1.0;
  cell.trials = cell.finished = 5;
  cell.best_trial = 3;
  const auto json = nlohmann::json::parse(cells_table({cell}).render(OutputFormat::kJson));
  EXPECT_EQ(json[0], nlohmann::json::parse(R"({"rank": 1, "learning_rate": 0.05, "objective_mean": 0.75,
      "objective_deviation": 0.125, "objective_min": 0.5, "objective_max": 1.0, "trials": 5, "finished": 5, "failed": 0,
      "open": 0, "best_trial": 3})"));
}

TEST(ResultTablesTest, WinnersHaveTheirObjectiveOrTheMeanOfTheirCell) {
  Winner winner;
  winner.sweep.id = SweepId{3};
  winner.sweep.name = "grid";
  winner.sweep.state = SweepState::kFinished;
  winner.sweep.objective_metric = "validation/accuracy";
  winner.trial = sample_trial();
  winner.trial->objective = 0.5;
  winner.cell.trials = 1;
  const auto row = [](const Winner& one) {
    return nlohmann::json::parse(winners_table({one}).render(OutputFormat::kJson))[0];
  };
  EXPECT_EQ(row(winner)["name"], "grid");
  EXPECT_EQ(row(winner)["parameters"], "learning_rate=0.05 batch_size=200");
  EXPECT_EQ(row(winner)["objective"], 0.5);
  winner.cell.trials = 2;
  winner.cell.mean = 0.25;
  winner.cell.deviation = 0.125;
  EXPECT_EQ(row(winner)["objective"], 0.25);
  EXPECT_EQ(row(winner)["deviation"], 0.125);
  winner.trial.reset();
  EXPECT_TRUE(row(winner)["objective"].is_null());
}

TEST(ResultTablesTest, ASweepThatWaitsSaysForWhom) {
  results::SweepSummary sweep;
  sweep.state = SweepState::kWaiting;
  sweep.study = "esc10-study";
  sweep.waits_for = "representation, grid";
  const auto json =
      nlohmann::json::parse(sweeps_table({sweep}, OutputFormat::kJson).render(OutputFormat::kJson));
  EXPECT_EQ(json[0]["state"], "waiting");
  EXPECT_EQ(json[0]["reason"], "waits for representation, grid");
  EXPECT_EQ(json[0]["study"], "esc10-study");
}

TEST(ResultTablesTest, WorkersThatAreToLeaveAreMarked) {
  results::WorkerSummary worker;
  worker.id = {"anna"};
  const auto table = [&](OutputFormat format) { return workers_table({worker}, format).render(format); };
  EXPECT_THAT(table(OutputFormat::kTable), testing::Not(testing::HasSubstr("draining")));
  EXPECT_EQ(nlohmann::json::parse(table(OutputFormat::kJson))[0]["draining"], false);
  worker.draining = true;
  EXPECT_THAT(table(OutputFormat::kTable), testing::HasSubstr("yes"));
  EXPECT_EQ(nlohmann::json::parse(table(OutputFormat::kJson))[0]["draining"], true);
}

TEST(ResultTablesTest, WorkersAreListedWithWhatTheyHave) {
  results::WorkerSummary worker;
  worker.id = {"anna"};
  const auto table = [&](OutputFormat format) { return workers_table({worker}, format).render(format); };
  EXPECT_THAT(table(OutputFormat::kTable), testing::Not(testing::HasSubstr("gpu")));
  worker.resources = {
      .gpus = 2, .gpu_memory = {std::int64_t{24} << 30}, .cpus = 8, .labels = {"fast", "near"}};
  EXPECT_THAT(table(OutputFormat::kTable), testing::HasSubstr("24GiB"));
  const auto json = nlohmann::json::parse(table(OutputFormat::kJson))[0];
  EXPECT_EQ(json["gpus"], 2);
  EXPECT_EQ(json["gpu_memory"], std::int64_t{24} << 30);
  EXPECT_EQ(json["cpus"], 8);
  EXPECT_EQ(json["labels"], "fast,near");
}

TEST(ResultTablesTest, ASweepThatAsksForWhatNobodyHasSaysSo) {
  results::SweepSummary sweep;
  sweep.unmet = "it asks for 1 GPU, which no worker has; there is 1 with no GPU, 2 CPUs";
  EXPECT_THAT(sweeps_table({sweep}, OutputFormat::kTable).render(OutputFormat::kTable),
              testing::HasSubstr(sweep.unmet));
}

TEST(ResultTablesTest, ParametersReadAsText) {
  EXPECT_EQ(parameters_text(sample_trial().parameters), "learning_rate=0.05 batch_size=200");
}

}  // namespace
}  // namespace melsweep::output

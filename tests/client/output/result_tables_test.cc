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

TEST(ResultTablesTest, ParametersReadAsText) {
  EXPECT_EQ(parameters_text(sample_trial().parameters), "learning_rate=0.05 batch_size=200");
}

}  // namespace
}  // namespace melsweep::output

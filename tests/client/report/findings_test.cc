#include "client/report/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;

// Two settings on two folds each; mel is better by 0.1 in both.
results::SweepStory mel_and_hertz() {
  results::SweepStory sweep;
  sweep.summary.name = "representation";
  sweep.summary.state = SweepState::kFinished;
  sweep.summary.objective_metric = "validation/accuracy";
  sweep.summary.trials_total = sweep.summary.trials_finished = 4;
  sweep.spec.parameters = {{.name = "representation",
                            .path = "features.representation",
                            .values = {std::string("hertz"), std::string("mel")}}};
  std::int64_t number = 0;
  for (const char* value : {"hertz", "mel"}) {
    for (int fold = 1; fold <= 2; ++fold) {
      results::TrialSummary trial;
      trial.number = ++number;
      trial.parameters = {{.name = "representation", .value = std::string(value)}};
      trial.validation_fold = fold;
      trial.state = TrialState::kFinished;
      trial.rank = value == std::string("mel") ? fold : fold + 2;
      trial.objective = (value == std::string("mel") ? 0.85 : 0.75) + 0.01 * fold;
      sweep.trials.push_back(trial);
    }
  }
  for (results::CellSummary& cell : results::cells_of(sweep.trials)) {
    const bool is_mel = to_text(cell.parameters.front().value) == "mel";
    sweep.cells.push_back(
        {.summary = cell,
         .trials = is_mel ? std::vector<std::int64_t>{3, 4} : std::vector<std::int64_t>{1, 2},
         .settings = "{}",
         .verdicts = {}});
  }
  return sweep;
}

TEST(FindingsTest, TheBetterSettingIsNamedWithItsMarginAndWhetherFoldsAgree) {
  EXPECT_EQ(
      sweep_finding(mel_and_hertz(), {}),
      "Best of 2 settings is representation mel with a validation accuracy of 0.865, mean of 2 folds (0.860 "
      "to "
      "0.870); representation mel beats hertz by 10.0 points (0.865 against 0.765); all 2 folds agree.");
}

TEST(FindingsTest, FoldsThatDisagreeAreCounted) {
  results::SweepStory sweep = mel_and_hertz();
  sweep.trials[0].objective = 0.99;  // hertz on fold 1
  EXPECT_THAT(sweep_finding(sweep, {}), HasSubstr("1 of 2 folds agree"));
}

TEST(FindingsTest, SettingsThatCannotBeToldFromTheBestAreCounted) {
  std::vector<PairedDifference> differences(2);
  differences[1] = {.mean = -0.01, .interval = {.low = -0.1, .high = 0.05}, .clips = 100};
  EXPECT_THAT(sweep_finding(mel_and_hertz(), differences),
              HasSubstr("; clip by clip the other cannot be told from it."));
  differences[1].interval.high = -0.001;
  EXPECT_THAT(sweep_finding(mel_and_hertz(), differences),
              HasSubstr("; clip by clip it is better than the other."));
}

TEST(FindingsTest, ASweepThatHasNotEndedSaysHowFarItIs) {
  results::SweepStory sweep = mel_and_hertz();
  EXPECT_EQ(unfinished_text(sweep.summary), "");
  sweep.summary.state = SweepState::kRunning;
  sweep.summary.trials_total = 9;
  EXPECT_THAT(unfinished_text(sweep.summary), HasSubstr("4 of 9 trials have finished so far"));
  sweep.cells.clear();
  sweep.summary.trials_finished = 0;
  EXPECT_THAT(sweep_finding(sweep, {}), HasSubstr("No trial has finished yet"));
}

TEST(FindingsTest, RareClassesAreNamed) {
  results::StoryData data;
  data.known = true;
  for (const char* name : {"dog", "cat", "siren"})
    data.classes.push_back({.class_name = name, .train = 1000});
  data.classes.push_back({.class_name = "gun_shot", .train = 374});
  EXPECT_THAT(data_finding(data), HasSubstr("gun_shot (374) is rare: at most half of a usual class's 1,000"));
  data.classes.pop_back();
  EXPECT_THAT(data_finding(data), HasSubstr("every class has 1,000 clips"));
}

TEST(FindingsTest, TheDecisiveSweepIsTheOneThatWasTested) {
  results::Story story;
  story.sweeps = {mel_and_hertz(), mel_and_hertz(), mel_and_hertz()};
  EXPECT_EQ(decisive_sweep(story), &story.sweeps[2]);
  story.sweeps[1].spec.evaluate = Split::kTest;
  EXPECT_EQ(decisive_sweep(story), &story.sweeps[1]);
  for (results::SweepStory& sweep : story.sweeps) sweep.summary.trials_finished = 0;
  EXPECT_EQ(decisive_sweep(story), nullptr);
}

}  // namespace
}  // namespace melsweep::report

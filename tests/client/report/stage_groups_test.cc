#include "client/report/stage_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/report/timed_story.h"

namespace melsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<StageGroup> groups_of(const results::Story& story) {
  return stage_groups(own_runs(story));
}

TEST(StageGroups, WhatAGroupSharesIsThatOfTheTrialThatEndedLast) {
  const results::Story story =
      timed_story({{.group = "a", .stages = {{"bottlenecks", 4.0, 300, 20}, {"training", 1.0, 200, 0}}},
                   {.group = "a", .stages = {{"bottlenecks", 4.0, 300, 20}, {"training", 3.0, 500, 0}}},
                   {.group = "b", .stages = {{"bottlenecks", 0.5, 0, 320}, {"training", 2.0, 100, 0}}},
                   {.group = "c"}});
  const std::vector<StageGroup> groups = groups_of(story);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].runs.size(), 2U);
  EXPECT_THAT(groups[0].stages,
              ElementsAre(StageTime{"bottlenecks", 4.0, 300, 20}, StageTime{"training", 3.0, 500, 0}));
  EXPECT_THAT(added_up(groups),
              ElementsAre(StageTime{"bottlenecks", 4.5, 300, 340}, StageTime{"training", 5.0, 600, 0}));
}

TEST(StageGroups, StagesComeAsInATrialAndThoseOfOtherTrainersBehind) {
  const results::Story story = timed_story({{.group = "a",
                                             .stages = {{"zebra", 1.0},
                                                        {"training", 1.0},
                                                        {"aardvark", 1.0},
                                                        {"reading data", 1.0},
                                                        {"spectrograms", 1.0}}}});
  std::vector<std::string> names;
  for (const StageTime& stage : added_up(groups_of(story))) names.push_back(stage.stage);
  EXPECT_THAT(names, ElementsAre("reading data", "spectrograms", "training", "aardvark", "zebra"));
}

TEST(StageGroups, TooManyStagesAreOneBehindTheFirst) {
  std::vector<TimedRun> runs;
  for (int i = 0; i < 100; ++i) {
    runs.push_back({.group = std::to_string(i), .stages = {{"stage " + std::to_string(100 + i), 1.0, 2, 3}}});
  }
  const results::Story story = timed_story(runs);
  const std::vector<StageTime> sums = added_up(groups_of(story));
  ASSERT_EQ(sums.size(), kMostStages + 1);
  EXPECT_EQ(sums.back(), (StageTime{"other stages", 60.0, 120, 180}));
  for (const CacheUse& use : cache_uses(groups_of(story))) EXPECT_NE(use.stage, "other stages");
}

TEST(CacheUses, TakeTheTimeOfAnItemWhereSomeWereMade) {
  const results::Story story =
      timed_story({{.group = "a", .stages = {{"bottlenecks", 8.0, 400, 0}, {"reading data", 0.1, 0, 60}}},
                   {.group = "b", .stages = {{"bottlenecks", 100.0, 0, 400}}},
                   {.group = "c", .stages = {{"bottlenecks", 0.5, 0, 350}, {"training", 9.0, 10, 0}}}});
  const std::vector<CacheUse> uses = cache_uses(groups_of(story));
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[0].stage, "reading data");
  EXPECT_EQ(uses[0].found, 60);
  EXPECT_EQ(uses[0].seconds_per_made, 0.0);
  EXPECT_EQ(uses[1].stage, "bottlenecks");
  EXPECT_EQ(uses[1].made, 400);
  EXPECT_EQ(uses[1].found, 750);
  EXPECT_EQ(uses[1].seconds_per_made, 0.02);
  EXPECT_DOUBLE_EQ(uses[1].saved_s(), 15.0);
}

// The worker waited for these: its time was not saved.
TEST(CacheUses, WhatOthersMadeMeanwhileWasNotSaved) {
  const results::Story story = timed_story(
      {{.group = "a", .stages = {{"bottlenecks", 8.0, 400, 0}, {"waiting for features", 7.0, 0, 100}}}});
  EXPECT_THAT(cache_uses(groups_of(story)), IsEmpty());
}

StageTime trained(std::int64_t steps, double seconds) {
  return {"training", seconds, steps, 0};
}

TEST(Fusion, IsComparedWithWhatRanAloneAndDidTheSame) {
  const results::Story story =
      timed_story({{.group = "a", .stages = {trained(2000, 1.0)}, .begun_together = 3, .steps = 1000},
                   {.group = "a", .stages = {trained(4000, 2.0)}, .begun_together = 3, .steps = 3000},
                   {.group = "b", .stages = {trained(500, 1.0)}},
                   {.group = "c", .stages = {trained(500, 3.0)}},
                   {.group = "d", .stages = {trained(9000, 1.0)}, .kind = "hertz, 100"}});
  const Fusion fusion = fusion_of(groups_of(story));
  EXPECT_EQ(fusion.fused.trials, 2);
  EXPECT_EQ(fusion.fused.per_second(), 2000.0);
  EXPECT_EQ(fusion.alone.trials, 2);
  EXPECT_EQ(fusion.alone.per_second(), 250.0);
  EXPECT_EQ(fusion.fused_s, 2.0);
  EXPECT_EQ(fusion.alone_s, 16.0);
}

TEST(Fusion, TakesForEachTrialTheRateOfItsOwnKind) {
  const results::Story story = timed_story(
      {{.group = "a", .stages = {trained(200, 4.0)}, .begun_together = 2, .steps = 100},
       {.group = "a", .stages = {trained(200, 4.0)}, .begun_together = 2, .kind = "mel, 50", .steps = 100},
       {.group = "b", .stages = {trained(10, 1.0)}},
       {.group = "c", .stages = {trained(50, 1.0)}, .kind = "mel, 50"}});
  const Fusion fusion = fusion_of(groups_of(story));
  EXPECT_EQ(fusion.fused_s, 4.0);
  EXPECT_EQ(fusion.alone_s, 10.0 + 2.0);
  EXPECT_EQ(fusion.alone.trials, 2);
}

TEST(Fusion, OfAGroupWithATrialWhoseKindNeverRanAloneThereIsNothingToCompareWith) {
  const results::Story story =
      timed_story({{.group = "a", .stages = {trained(100, 1.0)}, .begun_together = 2},
                   {.group = "a", .stages = {trained(100, 1.0)}, .begun_together = 2, .kind = "mel, 50"},
                   {.group = "b", .stages = {trained(10, 1.0)}}});
  const Fusion fusion = fusion_of(groups_of(story));
  EXPECT_TRUE(fusion.fused.is_known());
  EXPECT_FALSE(fusion.alone.is_known());
}

TEST(Fusion, OfWhatSaysNoStepsIsNotKnown) {
  const results::Story story =
      timed_story({{.group = "a", .stages = {{"evaluating", 1.0, 0, 0}}, .begun_together = 2}});
  EXPECT_FALSE(fusion_of(groups_of(story)).fused.is_known());
}

}  // namespace
}  // namespace melsweep::report

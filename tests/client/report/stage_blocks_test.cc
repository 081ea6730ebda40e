#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "client/report/sections.h"
#include "tests/client/report/timed_story.h"

namespace melsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string texts_of(const std::vector<Block>& blocks) {
  std::string texts;
  for (const Block& block : blocks) {
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) texts += paragraph->text + "\n";
  }
  return texts;
}

const DataTable* find(const std::vector<Block>& blocks, const std::string& key) {
  for (const Block& block : blocks) {
    const auto* table = std::get_if<DataTable>(&block);
    if (const auto* chart = std::get_if<Chart>(&block)) table = &chart->table;
    if (table != nullptr && table->key == key) return table;
  }
  return nullptr;
}

std::vector<std::string> values_of(const std::vector<Cell>& row) {
  std::vector<std::string> values;
  for (const Cell& cell : row) values.push_back(cell.is_number ? cell.value : cell.text);
  return values;
}

// One that makes everything, in 10 s, and two that find it.
results::Story cached_story() {
  return timed_story(
      {{.group = "a", .stages = {{"bottlenecks", 8.0, 400, 0}, {"training", 1.5, 3000, 0}}, .began_s = 0},
       {.group = "b", .stages = {{"bottlenecks", 0.1, 0, 400}, {"training", 2.5, 3000, 0}}, .began_s = 10},
       {.group = "c", .stages = {{"bottlenecks", 0.1, 0, 400}, {"training", 2.0, 3000, 0}}, .began_s = 30}});
}

TEST(StageBlocks, TheTableHasTheSumsOfASweepAndTheirSharesOfItsWorkerTime) {
  const std::vector<Block> blocks = stage_blocks(cached_story());
  const DataTable* table = find(blocks, "timing-stages");
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_THAT(values_of(table->rows[1]), ElementsAre("1", "sweep-1", "training", "6", "0.2", "9000", "0"));
  EXPECT_EQ(table->rows[0][3].text, "8.200");
}

TEST(StageBlocks, EachSweepHasRowsOfItsOwn) {
  results::Story story = cached_story();
  story.sweeps.push_back(
      timed_sweep(2, {{.group = "d", .stages = {{"training", 5.0, 100, 0}}, .took_s = 5}}));
  const std::vector<Block> blocks = stage_blocks(story);
  const DataTable* table = find(blocks, "timing-stages");
  ASSERT_EQ(table->rows.size(), 3U);
  EXPECT_THAT(values_of(table->rows[2]), ElementsAre("2", "sweep-2", "training", "5", "1", "100", "0"));
}

TEST(StageBlocks, WhatTheCachesSavedIsAnEstimateOfWhatWasMeasuredHere) {
  const std::vector<Block> blocks = stage_blocks(cached_story());
  EXPECT_THAT(
      texts_of(blocks),
      HasSubstr(
          "From the caches came 800 bottlenecks. Made anew, at the time that each took where it was "
          "made here, they would have cost 16.0 s more: an estimate; the spectrograms that these bottlenecks "
          "are made of are not in it."));
  const DataTable* table = find(blocks, "timing-caches");
  ASSERT_EQ(table->rows.size(), 1U);
  EXPECT_THAT(values_of(table->rows[0]), ElementsAre("bottlenecks", "400", "0.02", "800", "16"));
}

TEST(StageBlocks, WhereNothingWasMadeHereWhatTheCachesSavedIsNotKnown) {
  const std::vector<Block> blocks =
      stage_blocks(timed_story({{.group = "a", .stages = {{"bottlenecks", 0.1, 0, 400}}}}));
  EXPECT_THAT(texts_of(blocks), HasSubstr("What that saved is not known: nothing of it was made here"));
  EXPECT_THAT(values_of(find(blocks, "timing-caches")->rows[0]),
              ElementsAre("bottlenecks", "0", "", "400", ""));
}

TEST(StageBlocks, WhatWasNotMadeHereIsLeftOutOfTheEstimate) {
  results::Story story = cached_story();
  story.sweeps[0].runs[1].stages.push_back({"reading data", 0.1, 0, 60});
  EXPECT_THAT(
      texts_of(stage_blocks(story)),
      AllOf(HasSubstr("60 files known from an earlier reading and 800 bottlenecks"),
            HasSubstr("16.0 s more: an estimate, without reading data, which was not measured here; the "
                      "spectrograms that these bottlenecks are made of are not in it.")));
}

TEST(StageBlocks, WhereNothingWasFoundItIsSaid) {
  const std::vector<Block> blocks =
      stage_blocks(timed_story({{.group = "a", .stages = {{"bottlenecks", 8.0, 400, 0}}}}));
  EXPECT_THAT(texts_of(blocks), HasSubstr("The caches held nothing of what these trials needed."));
  EXPECT_EQ(find(blocks, "timing-caches"), nullptr);
}

TEST(StageBlocks, WhatGroupsSavedIsMeasuredAgainstTrialsAlone) {
  const std::string text = texts_of(stage_blocks(
      timed_story({{.group = "a", .stages = {{"training", 1.0, 3000, 0}}, .begun_together = 2, .steps = 1500},
                   {.group = "a", .stages = {{"training", 2.0, 5000, 0}}, .begun_together = 2, .steps = 3500},
                   {.group = "b", .stages = {{"training", 4.0, 2000, 0}}, .began_s = 20}})));
  EXPECT_THAT(text, HasSubstr("up to 2 in a group: 2 trials took 5,000 steps in 2.0 s of training, 2,500 a "
                              "second. 1 trial of the same features and batch size ran alone, at 500 steps a "
                              "second: at that rate what their groups trained in 2.0 s would have taken 10.0 "
                              "s, 5.0 times as long, by estimate."));
}

TEST(StageBlocks, WhereNoneRanAloneWhatGroupsSavedIsNotKnown) {
  const std::string text = texts_of(stage_blocks(
      timed_story({{.group = "a", .stages = {{"training", 1.0, 3000, 0}}, .begun_together = 2},
                   {.group = "a", .stages = {{"training", 2.0, 5000, 0}}, .begun_together = 2}})));
  EXPECT_THAT(text, HasSubstr("ran alone here, so what that saved is not known."));
  EXPECT_THAT(texts_of(stage_blocks(cached_story())), HasSubstr("Each trial ran by itself."));
}

TEST(StageBlocks, ARateThatNobodyHasBreaksNothing) {
  const std::string text = texts_of(stage_blocks(
      timed_story({{.group = "a", .stages = {{"training", 1e-300, kMaxStageItems, 0}}, .begun_together = 2},
                   {.group = "b", .stages = {{"training", 1e9, 1, 0}}}})));
  EXPECT_THAT(text, HasSubstr("1,000,000,000,000,000 a second"));
}

TEST(StageBlocks, TrialsThatDoNotTellAreCounted) {
  EXPECT_THAT(texts_of(stage_blocks(cached_story())), Not(HasSubstr("is not known")));
  results::Story story = cached_story();
  story.sweeps[0].runs[2].stages.clear();
  EXPECT_THAT(
      texts_of(stage_blocks(story)),
      HasSubstr("What the time of 1 of 3 trials went into is not known: they ran before the database kept "
                "it, or with a trainer that does not tell."));
}

TEST(StageBlocks, OfADatabaseOfBeforeItIsSaidThatNothingIsKnown) {
  const std::vector<Block> blocks =
      stage_blocks(timed_story({{.group = "a", .begun_together = 2}, {.group = "a", .begun_together = 2}}));
  EXPECT_THAT(texts_of(blocks),
              AllOf(HasSubstr("What the time of the trials went into is not known, nor what "
                              "the caches saved"),
                    HasSubstr("what that saved is not known, since how long they trained")));
  EXPECT_EQ(find(blocks, "timing-stages"), nullptr);
}

TEST(StageBlocks, WhereNothingRanThereIsNothingToTell) {
  results::Story story = timed_story({{.group = ""}});
  story.sweeps[0].runs[0].reused = true;
  EXPECT_THAT(stage_blocks(story), IsEmpty());
  EXPECT_THAT(stage_blocks(timed_story({})), IsEmpty());
}

}  // namespace
}  // namespace melsweep::report

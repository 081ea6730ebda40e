// Sections that tell of several sweeps at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/sections.h"
#include "tests/client/report/compared_stories.h"

namespace melsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Two sweeps, of which the second differs in its steps, tried two representations and has a schedule.
results::Story study() {
  results::Story story = story_of(1, {});
  story.sweeps.push_back(story_of(2, {}).sweeps.front());
  results::SweepStory& second = story.sweeps.back();
  second.cells.front().settings =
      R"({"features":{"representation":"mel","top_db":80},"training":{"steps":500,"schedule":"cosine"}})";
  story.sweeps.front().cells.front().settings =
      R"({"features":{"representation":"mel","top_db":80},"training":{"steps":100}})";
  second.spec.parameters = {{.name = "representation",
                             .path = "features.representation",
                             .values = {std::string("mel"), std::string("hertz")}}};
  return story;
}

std::vector<std::string> notices_of(const Section& section) {
  std::vector<std::string> texts;
  for (const Block& block : section.blocks) {
    if (const auto* notice = std::get_if<Notice>(&block)) texts.push_back(notice->text);
  }
  return texts;
}

std::vector<std::vector<std::string>> texts_of(const Block& block) {
  std::vector<std::vector<std::string>> texts;
  for (const std::vector<Cell>& row : std::get<DataTable>(block).rows) {
    for (std::vector<std::string>& line = texts.emplace_back(); const Cell& cell : row)
      line.push_back(cell.text);
  }
  return texts;
}

TEST(OverviewSectionTest, AWarningOfSeveralSweepsIsGivenOnce) {
  results::Story story = study();
  story.sweeps.front().summary.warnings = {"too quiet", "leakage"};
  story.sweeps.back().summary.warnings = {"leakage"};
  EXPECT_THAT(notices_of(overview_section(story)),
              ElementsAre("Warning: sweep 1: too quiet", "Warning: sweeps 1 and 2: leakage"));
  story.sweeps.pop_back();
  EXPECT_THAT(notices_of(overview_section(story)), ElementsAre("Warning: too quiet", "Warning: leakage"));
}

TEST(SettingsSectionTest, WhatIsTheSameInEverySweepStandsApart) {
  const Section section = settings_section(study());
  EXPECT_THAT(section.finding,
              HasSubstr("Of 4 settings 1 was tried with several values; the other 3 were fixed"));
  ASSERT_EQ(section.blocks.size(), 2);
  EXPECT_THAT(texts_of(section.blocks[0]),
              ElementsAre(ElementsAre("features.representation", "mel", "tried: mel and hertz"),
                          ElementsAre("training.schedule", "(default)", "cosine"),
                          ElementsAre("training.steps", "100", "500")));
  EXPECT_THAT(texts_of(section.blocks[1]), ElementsAre(ElementsAre("features.top_db", "80")));
}

TEST(SettingsSectionTest, OneSweepHasOneTable) {
  results::Story story = study();
  story.sweeps.pop_back();
  const Section section = settings_section(story);
  ASSERT_EQ(section.blocks.size(), 1);
  EXPECT_EQ(texts_of(section.blocks[0]).size(), 3);
}

TEST(SweepSectionTest, OneSettingIsComparedWithNone) {
  results::Story story = study();
  const Section section = sweep_section(story.sweeps.front());
  const auto table = std::ranges::find_if(section.blocks, [](const Block& block) {
    const auto* data = std::get_if<DataTable>(&block);
    return data != nullptr && data->key == "cells-1";
  });
  ASSERT_NE(table, section.blocks.end());
  EXPECT_THAT(std::get<DataTable>(*table).columns, Not(testing::Contains("verdict")));
}

// Two parameters: the lines are called by their values, and the title says what these are of.
TEST(CurveBlocksTest, LinesOfSeveralParametersAreCalledByTheirValues) {
  results::Story story = study();
  results::SweepStory& sweep = story.sweeps.front();
  sweep.cells.push_back(sweep.cells.front());
  for (std::size_t i = 0; i < sweep.cells.size(); ++i) {
    sweep.cells[i].trials = {static_cast<std::int64_t>(i + 1)};
    sweep.cells[i].summary.parameters = {
        {.name = "learning_rate", .value = 0.05},
        {.name = "batch_size", .value = static_cast<std::int64_t>(50 * (i + 1))}};
    sweep.curves.push_back(
        {.trial = static_cast<std::int64_t>(i + 1),
         .points = {{500, "validation/accuracy", 0.5}, {1000, "validation/accuracy", 0.6}}});
  }
  const std::vector<Block> blocks = curve_blocks(sweep);
  const auto chart =
      std::ranges::find_if(blocks, [](const Block& block) { return std::holds_alternative<Chart>(block); });
  ASSERT_NE(chart, blocks.end());
  EXPECT_EQ(std::get<Chart>(*chart).title, "Accuracy over the steps by learning_rate and batch_size");
  EXPECT_THAT(std::get<Chart>(*chart).table.columns,
              ElementsAre("step", "0.05, 50, validation", "0.05, 100, validation"));
}

}  // namespace
}  // namespace melsweep::report

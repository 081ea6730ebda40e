#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/report/sections.h"

namespace melsweep::report {
namespace {

using ::testing::HasSubstr;

results::Story story_of(const std::vector<ParameterValue>& augmentations) {
  results::Story story;
  results::SweepStory& sweep = story.sweeps.emplace_back();
  sweep.data.known = true;
  sweep.data.classes = {{.class_name = "siren", .train = 10, .validation = 2, .test = 1, .train_stereo = 4}};
  sweep.spec.parameters = {
      {.name = "augmentation", .path = "training.augmentation", .values = augmentations}};
  return story;
}

std::string paragraph_of(const Section& section) {
  return std::get<Paragraph>(section.blocks.front()).text;
}

TEST(DataSectionTest, PicturesAreCountedBeforeAndAfterTheRichestAugmentation) {
  const Section section = data_section(story_of({std::string("none"), std::string("channels+noise")}));
  // 6 mono clips give two pictures each, 4 stereo ones three signals of two.
  EXPECT_THAT(paragraph_of(section), HasSubstr("makes 36 pictures to learn from of 10 training clips"));
  const DataTable& table = std::get<Chart>(section.blocks[1]).table;
  EXPECT_EQ(table.rows[0][1].value, "10");
  EXPECT_EQ(table.rows[0].back().value, "36");
}

TEST(DataSectionTest, WithoutAugmentationClipsAreWhatIsLearnedFrom) {
  EXPECT_THAT(paragraph_of(data_section(story_of({std::string("none")}))), HasSubstr("No trial had more"));
}

}  // namespace
}  // namespace melsweep::report

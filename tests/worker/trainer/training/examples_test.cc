#include "worker/trainer/training/examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace melsweep::training {
namespace {

using ::testing::ElementsAre;

Clip clip(const std::string& id, int class_index, int channels, Split split) {
  Clip made;
  made.id = id;
  made.class_index = class_index;
  made.content_hash = "hash of " + id;
  made.channels = channels;
  made.split = split;
  return made;
}

DatasetReport two_classes(std::vector<Clip> clips) {
  DatasetReport report;
  report.classes = {"x", "y"};
  report.clips = std::move(clips);
  return report;
}

class ExamplesTest : public testing::Test {
 protected:
  Examples make(std::vector<Augmentation> augmentation) {
    TrialPlan plan;
    plan.dataset = spec;
    plan.settings.training.augmentation = std::move(augmentation);
    return make_examples(report, spec, dataset::partition(report, plan), plan.settings.training);
  }

  DatasetSpec spec{.format = DatasetFormat::kFolders, .path = "data", .split = {}};
  DatasetReport report = two_classes({clip("a", 0, 2, Split::kTrain), clip("b", 1, 1, Split::kTrain),
                                      clip("c", 1, 2, Split::kValidation), clip("d", 0, 2, Split::kTest)});
};

TEST_F(ExamplesTest, WithoutAugmentationAreOneAClipAndNoTestClip) {
  const Examples examples = make({});
  EXPECT_THAT(examples.clip_ids, ElementsAre("a", "b", "c"));
  EXPECT_THAT(examples.labels, ElementsAre(0, 1, 1));
  EXPECT_EQ(examples.train_count, 2U);
  EXPECT_THAT(examples.train_clips, ElementsAre(0, 1));
  EXPECT_THAT(examples.validation, ElementsAre(2));
  EXPECT_EQ(examples.classes, 2U);
  EXPECT_EQ(examples.items[2].content_hash, "hash of c");
  EXPECT_EQ(examples.items[2].file, dataset::clip_path(spec, report.clips[2]));
}

TEST_F(ExamplesTest, AugmentedCopiesStayAmongTheTrainingExamples) {
  const Examples examples = make({Augmentation::kChannels});
  EXPECT_THAT(examples.clip_ids, ElementsAre("a", "a", "a", "b", "c"));
  EXPECT_EQ(examples.train_count, 4U);
  EXPECT_EQ(examples.train_clips.size(), 2U);
  for (const std::uint32_t index : examples.train_clips) {
    EXPECT_EQ(examples.items[index].channel, Channel::kAverage);
  }
  EXPECT_THAT(examples.validation, ElementsAre(4));
  EXPECT_EQ(examples.items[4].channel, Channel::kAverage);
}

TEST_F(ExamplesTest, VariantsStayAmongTheTrainingExamplesAndMeasureNothing) {
  const Examples examples = make({Augmentation::kChannels, Augmentation::kNoise, Augmentation::kMixup});
  EXPECT_THAT(examples.clip_ids, ElementsAre("a", "a", "a", "a", "a", "a", "b", "b", "c"));
  EXPECT_THAT(examples.labels, ElementsAre(0, 0, 0, 0, 0, 0, 1, 1, 1));
  EXPECT_EQ(examples.train_count, 8U);
  EXPECT_THAT(examples.train_clips, ElementsAre(0, 6));
  EXPECT_THAT(examples.validation, ElementsAre(8));
  EXPECT_TRUE(is_clip_itself(examples.items[8]));
}

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/features/feature_item.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace melsweep::features {
namespace {

using testing::ElementsAre;

Clip clip_of(int channels) {
  Clip clip;
  clip.channels = channels;
  return clip;
}

constexpr std::array kByChannels = {Augmentation::kChannels};

TEST(ItemKey, NamesContentAndChannelButNotTheFile) {
  EXPECT_EQ(item_key({.content_hash = "ab12", .channel = Channel::kAverage, .file = "x.wav"}),
            "ab12/average");
  EXPECT_EQ(item_key({.content_hash = "ab12", .channel = Channel::kLeft, .file = "x.wav"}), "ab12/left");
  EXPECT_EQ(item_key({.content_hash = "ab12", .channel = Channel::kRight, .file = "y.wav"}), "ab12/right");
}

TEST(ExamplesFor, AStereoTrainingClipAreThreeWithChannelAugmentation) {
  EXPECT_THAT(examples_for(clip_of(2), kByChannels, Split::kTrain),
              ElementsAre(Channel::kAverage, Channel::kLeft, Channel::kRight));
}

TEST(ExamplesFor, AMonoClipIsOne) {
  EXPECT_THAT(examples_for(clip_of(1), kByChannels, Split::kTrain), ElementsAre(Channel::kAverage));
}

TEST(ExamplesFor, NothingIsAugmentedUnasked) {
  EXPECT_THAT(examples_for(clip_of(2), {}, Split::kTrain), ElementsAre(Channel::kAverage));
}

TEST(ExamplesFor, ValidationAndTestAreNeverAugmented) {
  // Clip::split is not what counts: with cross-validation it says kTrain of a clip that validates.
  const Clip clip = clip_of(2);
  EXPECT_THAT(examples_for(clip, kByChannels, Split::kValidation), ElementsAre(Channel::kAverage));
  EXPECT_THAT(examples_for(clip, kByChannels, Split::kTest), ElementsAre(Channel::kAverage));
}

TEST(GroupByContent, PutsTheChannelsOfAFileTogether) {
  const auto item = [](const char* hash, Channel channel) {
    return FeatureItem{.content_hash = hash, .channel = channel, .file = {}};
  };
  const auto groups = group_by_content(std::vector{item("a", Channel::kAverage), item("b", Channel::kAverage),
                                                   item("a", Channel::kLeft), item("a", Channel::kRight)});
  ASSERT_EQ(groups.size(), 2U);
  ASSERT_EQ(groups[0].size(), 3U);
  EXPECT_EQ(groups[0][2].channel, Channel::kRight);
  EXPECT_EQ(groups[1][0].content_hash, "b");
}

}  // namespace
}  // namespace melsweep::features

#include "worker/trainer/features/feature_item.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace melsweep::features {
namespace {

using testing::ElementsAre;

Clip clip_of(int channels) {
  Clip clip;
  clip.content_hash = "ab12";
  clip.channels = channels;
  return clip;
}

TrainingSettings with(std::vector<Augmentation> augmentation) {
  TrainingSettings training;
  training.augmentation = std::move(augmentation);
  return training;
}

const std::vector<Augmentation> kAll = {Augmentation::kChannels, Augmentation::kNoise, Augmentation::kGain,
                                        Augmentation::kShift,    Augmentation::kMasks, Augmentation::kMixup};

std::vector<std::string> keys_of(int channels, const TrainingSettings& training, Split split) {
  std::vector<std::string> keys;
  for (const FeatureItem& item : items_of(clip_of(channels), "x.wav", training, split)) {
    EXPECT_EQ(item.file, "x.wav");
    keys.push_back(item_key(item));
  }
  return keys;
}

TEST(ItemKey, NamesContentChannelAndVariantButNotTheFile) {
  EXPECT_EQ(item_key({.content_hash = "ab12", .channel = Channel::kAverage, .file = "x.wav"}),
            "ab12/average");
  EXPECT_EQ(item_key({.content_hash = "ab12", .channel = Channel::kLeft, .file = "x.wav"}), "ab12/left");
  EXPECT_EQ(item_key({.content_hash = "ab12", .channel = Channel::kRight, .file = "y.wav"}), "ab12/right");
  EXPECT_EQ(item_key({.content_hash = "ab12",
                      .channel = Channel::kRight,
                      .file = "y.wav",
                      .variant = variants::Variant{.kind = Augmentation::kShift, .settings = {}}}),
            "ab12/right/shift:1:0.5");
}

TEST(ItemsOf, AStereoTrainingClipAreThreeWithChannels) {
  EXPECT_THAT(keys_of(2, with({Augmentation::kChannels}), Split::kTrain),
              ElementsAre("ab12/average", "ab12/left", "ab12/right"));
}

TEST(ItemsOf, AMonoClipIsOneWithChannels) {
  EXPECT_THAT(keys_of(1, with({Augmentation::kChannels}), Split::kTrain), ElementsAre("ab12/average"));
}

TEST(ItemsOf, NothingIsAugmentedUnasked) {
  EXPECT_THAT(keys_of(2, {}, Split::kTrain), ElementsAre("ab12/average"));
  EXPECT_THAT(keys_of(2, with({Augmentation::kMixup}), Split::kTrain), ElementsAre("ab12/average"));
}

TEST(ItemsOf, EachSignalHasItsOwnVariants) {
  EXPECT_THAT(keys_of(2, with({Augmentation::kChannels, Augmentation::kNoise}), Split::kTrain),
              ElementsAre("ab12/average", "ab12/average/noise:1:white:20", "ab12/left",
                          "ab12/left/noise:1:white:20", "ab12/right", "ab12/right/noise:1:white:20"));
  EXPECT_THAT(keys_of(2, with({Augmentation::kMasks}), Split::kTrain),
              ElementsAre("ab12/average", "ab12/average/masks:1:16:32"));
  EXPECT_EQ(keys_of(2, with(kAll), Split::kTrain).size(), 15U);
  EXPECT_EQ(keys_of(1, with(kAll), Split::kTrain).size(), 5U);
}

TEST(ItemsOf, VariantsAreMadeAsTheSettingsSay) {
  TrainingSettings training = with({Augmentation::kNoise});
  training.variants.noise_snr = -5.0;
  EXPECT_THAT(keys_of(1, training, Split::kTrain),
              ElementsAre("ab12/average", "ab12/average/noise:1:white:-5"));
}

TEST(ItemsOf, ValidationAndTestAreNeverAugmented) {
  // Clip::split is not what counts: with cross-validation it says kTrain of a clip that validates.
  EXPECT_THAT(keys_of(2, with(kAll), Split::kValidation), ElementsAre("ab12/average"));
  EXPECT_THAT(keys_of(2, with(kAll), Split::kTest), ElementsAre("ab12/average"));
}

TEST(ItemsOf, OneOfThemIsTheClipItself) {
  int itself = 0;
  for (const FeatureItem& item : items_of(clip_of(2), "x.wav", with(kAll), Split::kTrain)) {
    if (!is_clip_itself(item)) continue;
    ++itself;
    EXPECT_EQ(item_key(item), "ab12/average");
  }
  EXPECT_EQ(itself, 1);
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

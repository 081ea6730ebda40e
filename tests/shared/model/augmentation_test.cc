#include "shared/model/augmentation.h"

#include <gtest/gtest.h>

#include <vector>

namespace melsweep {
namespace {

using List = std::vector<Augmentation>;

TEST(TrainingPictures, AreOneWithoutAugmentationAndWithMixup) {
  for (const int channels : {1, 2, 6}) {
    EXPECT_EQ(training_pictures(channels, {}), 1);
    EXPECT_EQ(training_pictures(channels, List{Augmentation::kMixup}), 1);
  }
}

TEST(TrainingPictures, OfChannelsAreThreeOfAStereoClipAndOneOfAMonoClip) {
  const List channels = {Augmentation::kChannels};
  EXPECT_EQ(training_pictures(1, channels), 1);
  EXPECT_EQ(training_pictures(2, channels), 3);
  EXPECT_EQ(training_pictures(6, channels), 3);
}

TEST(TrainingPictures, AreOneMoreOfEachSignalForEachVariant) {
  EXPECT_EQ(training_pictures(1, List{Augmentation::kNoise}), 2);
  EXPECT_EQ(training_pictures(2, List{Augmentation::kNoise}), 2);
  EXPECT_EQ(training_pictures(1, List{Augmentation::kChannels, Augmentation::kNoise}), 2);
  EXPECT_EQ(training_pictures(2, List{Augmentation::kChannels, Augmentation::kNoise}), 6);
  const List all = {Augmentation::kChannels, Augmentation::kNoise, Augmentation::kGain,
                    Augmentation::kShift,    Augmentation::kMasks, Augmentation::kMixup};
  EXPECT_EQ(training_pictures(1, all), 5);
  EXPECT_EQ(training_pictures(2, all), 15);
}

TEST(WithoutUnused, KeepsTheSettingsOfTheVariantsThatAreThere) {
  const VariantSettings set = {NoiseColor::kPink, 1.0, 2.0, 3.0, 4, 5};
  EXPECT_EQ(without_unused(set, {}), VariantSettings{});
  EXPECT_EQ(without_unused(set, List{Augmentation::kChannels, Augmentation::kMixup}), VariantSettings{});
  VariantSettings noise;
  noise.noise_color = NoiseColor::kPink;
  noise.noise_snr = 1.0;
  EXPECT_EQ(without_unused(set, List{Augmentation::kNoise}), noise);
  VariantSettings masks;
  masks.mask_frequency = 4;
  masks.mask_time = 5;
  EXPECT_EQ(without_unused(set, List{Augmentation::kMasks}), masks);
  EXPECT_EQ(without_unused(set, List{Augmentation::kNoise, Augmentation::kGain, Augmentation::kShift,
                                     Augmentation::kMasks}),
            set);
}

}  // namespace
}  // namespace melsweep

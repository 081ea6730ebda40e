#include "coordinator/core/grouping.h"

#include <gtest/gtest.h>

namespace melsweep::core {
namespace {

TEST(Families, AreOneForTrialsThatDifferInTheirTrainingAlone) {
  Families families;
  TrialSettings settings;
  const int family = families.of(settings, 1);
  EXPECT_EQ(family, 1);
  settings.training.steps = 7;
  settings.training.batch_size = 3;
  settings.training.learning_rate = 0.5;
  settings.training.optimizer = Optimizer::kAdam;
  settings.training.weight_decay = 0.1;
  settings.training.warmup_steps = 2;
  EXPECT_EQ(families.of(settings, 1), family);
}

TEST(Families, AreOthersWithOtherPicturesAnotherTrunkOrAnotherFold) {
  Families families;
  const TrialSettings settings;
  const int family = families.of(settings, 1);
  TrialSettings other = settings;
  other.features.n_mels = 64;
  EXPECT_EQ(families.of(other, 1), 2);
  other = settings;
  other.model.weights = "others";
  EXPECT_EQ(families.of(other, 1), 3);
  other = settings;
  other.training.augmentation = {Augmentation::kChannels};
  EXPECT_EQ(families.of(other, 1), 4);
  EXPECT_EQ(families.of(settings, 2), 5);
  other.training.augmentation = {Augmentation::kNoise};
  EXPECT_EQ(families.of(other, 1), 6);
  other.training.variants.noise_snr = 10.0;
  EXPECT_EQ(families.of(other, 1), 7);
  EXPECT_EQ(families.of(settings, 1), family) << "known from before";
}

TEST(Families, HaveNoTrialThatTrainsMoreThanTheHead) {
  Families families;
  TrialSettings settings;
  settings.model.trainable = {TrainableKind::kAll, 0};
  EXPECT_EQ(families.of(settings, 1), 0);
  settings.model.trainable = {TrainableKind::kBlocks, 1};
  EXPECT_EQ(families.of(settings, 1), 0);
}

}  // namespace
}  // namespace melsweep::core

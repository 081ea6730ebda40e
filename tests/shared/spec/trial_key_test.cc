#include "shared/spec/trial_key.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace melsweep::spec {
namespace {

constexpr char kTrainer[] = "melsweep-trainer 0.1.0";

TrialPlan plan() {
  TrialPlan plan;
  plan.dataset.path = "data/ESC-10";
  plan.dataset.split.validation_folds = {4};
  plan.dataset_hash = "data";
  plan.settings.model.weights = "inception_v3.safetensors";
  plan.weights_hash = "weights";
  return plan;
}

TEST(TrialKey, IsASha256ThatEveryPartOfTheResultChanges) {
  const std::vector<std::function<void(TrialPlan&)>> changes = {
      [](TrialPlan& p) { p.settings.training.learning_rate = 0.02; },
      [](TrialPlan& p) { p.settings.training.precision = Precision::kBfloat16; },
      [](TrialPlan& p) { p.settings.training.class_weights = ClassWeights::kBalanced; },
      [](TrialPlan& p) { p.settings.training.sampling = Sampling::kBalanced; },
      [](TrialPlan& p) { p.settings.training.augmentation = {Augmentation::kMixup}; },
      [](TrialPlan& p) { p.settings.training.mixup_alpha = 0.5; },
      [](TrialPlan& p) { p.settings.training.augmentation = {Augmentation::kNoise}; },
      [](TrialPlan& p) { p.settings.training.variants.noise_color = NoiseColor::kPink; },
      [](TrialPlan& p) { p.settings.training.variants.noise_snr = 10.0; },
      [](TrialPlan& p) { p.settings.training.variants.gain_db = 3.0; },
      [](TrialPlan& p) { p.settings.training.variants.shift_s = 0.25; },
      [](TrialPlan& p) { p.settings.training.variants.mask_frequency = 8; },
      [](TrialPlan& p) { p.settings.training.variants.mask_time = 8; },
      [](TrialPlan& p) { p.settings.features.n_mels = 64; },
      [](TrialPlan& p) {
        p.settings.model.trainable = {TrainableKind::kBlocks, 1};
      },
      [](TrialPlan& p) { p.seed = 1; },
      [](TrialPlan& p) { p.validation_fold = 2; },
      [](TrialPlan& p) { p.dataset.split.validation_folds = {5}; },
      [](TrialPlan& p) { p.dataset_hash = "other"; },
      [](TrialPlan& p) { p.weights_hash = "other"; },
      [](TrialPlan& p) { p.evaluate = Split::kTest; },
      [](TrialPlan& p) { p.train_on = TrainOn::kTrainingAndValidation; }};
  std::set<std::string> keys = {trial_key(plan(), kTrainer), trial_key(plan(), "melsweep-trainer 0.2.0")};
  for (const auto& change : changes) {
    TrialPlan changed = plan();
    change(changed);
    keys.insert(trial_key(changed, kTrainer));
  }
  EXPECT_EQ(keys.size(), changes.size() + 2);
  for (const std::string& key : keys) EXPECT_EQ(key.size(), 64U);
}

TEST(TrialKey, DoesNotDependOnWhereThingsLieOrWhoAsks) {
  TrialPlan moved = plan();
  moved.id = TrialId{9};
  moved.sweep = SweepId{3};
  moved.dataset.path = "/elsewhere/ESC-10";
  moved.settings.model.weights = "/elsewhere/same.safetensors";
  EXPECT_EQ(trial_key(moved, kTrainer), trial_key(plan(), kTrainer));
}

TEST(TrialKey, IsForeverThatOfAResultFromBeforeThereWereVariants) {
  // Written down before: another value here means that no result is found again.
  EXPECT_EQ(trial_key(plan(), kTrainer), "8539848d9edb666d77ed68696c9df1f34d93ce391a6793b05707316de7134d57");
}

TEST(TrialKey, OfAnUnknownTrainerThereIsNone) {
  EXPECT_EQ(trial_key(plan(), ""), "");
}

}  // namespace
}  // namespace melsweep::spec

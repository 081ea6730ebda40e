#include "shared/spec/settings_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace melsweep::spec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TrialSettings good_settings() {
  TrialSettings settings;
  settings.model.weights = "random";
  return settings;
}

// What is said of good settings with `change` made to them.
template <class Change>
std::string problem_with(Change change) {
  TrialSettings settings = good_settings();
  change(settings);
  const absl::Status status = check_settings(settings);
  EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

TEST(SettingsCheck, TheDefaultsAreGood) {
  EXPECT_TRUE(check_settings(good_settings()).ok());
}

TEST(SettingsCheck, EveryKindOfTrainableLayersIsGood) {
  TrialSettings settings = good_settings();
  settings.training.augmentation = {Augmentation::kChannels};
  for (const Trainable& trainable : {Trainable{TrainableKind::kAll}, Trainable{TrainableKind::kBlocks, 11}}) {
    settings.model.trainable = trainable;
    EXPECT_TRUE(check_settings(settings).ok()) << check_settings(settings);
  }
}

TEST(SettingsCheck, CountsBelowOneAreRefusedByName) {
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.evaluate_every = 0; }),
              AllOf(HasSubstr("training.evaluate_every"), HasSubstr("at least 1"), HasSubstr("not 0")));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.batch_size = 0; }),
              HasSubstr("training.batch_size"));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.batch_size = -1; }),
              HasSubstr("training.batch_size"));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.steps = 0; }), HasSubstr("training.steps"));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.steps = -5; }), HasSubstr("training.steps"));
}

TEST(SettingsCheck, NumbersBeyondTheLimitsAreRefusedByName) {
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.batch_size = 2'000'000'000; }),
              AllOf(HasSubstr("training.batch_size"), HasSubstr("1000000")));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.learning_rate = -1.0; }),
              HasSubstr("training.learning_rate"));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.training.learning_rate = 0.0; }),
              HasSubstr("training.learning_rate"));
  EXPECT_THAT(problem_with([](TrialSettings& s) {
                s.training.learning_rate = std::numeric_limits<double>::quiet_NaN();
              }),
              HasSubstr("training.learning_rate"));
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.features.n_fft = 0; }), HasSubstr("features.n_fft"));
  EXPECT_THAT(problem_with([](TrialSettings& s) {
                s.model.trainable = {TrainableKind::kBlocks, 12};
              }),
              HasSubstr("model.trainable"));
}

TEST(SettingsCheck, WeightsMustBeNamed) {
  EXPECT_THAT(problem_with([](TrialSettings& s) { s.model.weights = ""; }), HasSubstr("model.weights"));
}

}  // namespace
}  // namespace melsweep::spec

#include "shared/spec/settings_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TrialSettings unusual_settings() {
  TrialSettings settings;
  settings.features = {Representation::kHertz,
                       Decibels::kPower,
                       ImageColors::kViridis,
                       16000,
                       1024,
                       100,
                       900,
                       40,
                       1.5,
                       7000.25,
                       60.0};
  settings.model = {
      Architecture::kInceptionV3, "w.safetensors", {TrainableKind::kBlocks, 3}, Precision::kBfloat16};
  settings.training = {10,
                       5,
                       3,
                       1.0 / 3.0,
                       Optimizer::kNesterov,
                       {Augmentation::kChannels, Augmentation::kNoise, Augmentation::kGain,
                        Augmentation::kShift, Augmentation::kMasks, Augmentation::kMixup},
                       0.5,
                       0.25,
                       LearningRateSchedule::kCosine,
                       2,
                       Precision::kBfloat16,
                       ClassWeights::kBalanced,
                       Sampling::kBalanced,
                       0.5,
                       {NoiseColor::kPink, -2.5, 3.0, 0.125, 8, 0}};
  return settings;
}

TEST(SettingsJson, ReadsBackWhatItWrote) {
  for (const TrialSettings& settings : {TrialSettings{}, unusual_settings()}) {
    const json written = json::parse(to_json(settings).dump());
    EXPECT_EQ(settings_from_json(written).value(), settings);
    EXPECT_EQ(features_from_json(written["features"]).value(), settings.features);
  }
}

// Results are found again by these texts, in databases that an earlier version wrote.
TEST(SettingsJson, LeavesOutByDefaultWhatCameLater) {
  const json training = to_json(TrialSettings{})["training"];
  EXPECT_EQ(training.dump(), R"({"augmentation":"none","batch_size":100,"evaluate_every":500,)"
                             R"("learning_rate":0.01,"optimizer":"sgd","steps":30000})");
  EXPECT_EQ(to_json(unusual_settings())["training"]["warmup_steps"], 2);
  EXPECT_FALSE(to_json(TrialSettings{})["model"].contains("precision"));
  EXPECT_EQ(to_json(unusual_settings())["model"]["precision"], "bfloat16");
  EXPECT_EQ(to_json(unusual_settings())["training"]["precision"], "bfloat16");
  EXPECT_EQ(to_json(unusual_settings())["training"]["class_weights"], "balanced");
  EXPECT_EQ(to_json(unusual_settings())["training"]["sampling"], "balanced");
  EXPECT_EQ(to_json(unusual_settings())["training"]["mixup_alpha"], 0.5);
  EXPECT_EQ(to_json(unusual_settings())["training"]["noise_color"], "pink");
  EXPECT_EQ(to_json(unusual_settings())["training"]["noise_snr"], -2.5);
  EXPECT_EQ(to_json(unusual_settings())["training"]["gain_db"], 3.0);
  EXPECT_EQ(to_json(unusual_settings())["training"]["shift_s"], 0.125);
  EXPECT_EQ(to_json(unusual_settings())["training"]["mask_frequency"], 8);
  EXPECT_EQ(to_json(unusual_settings())["training"]["mask_time"], 0);
}

TEST(SettingsJson, ReadsBackDatasets) {
  DatasetSpec folds{
      .format = DatasetFormat::kEsc50, .path = "d", .split = {}, .on_bad_clip = BadClipPolicy::kSkip};
  folds.split.validation_folds = {1, 2};
  DatasetSpec random{
      .format = DatasetFormat::kCsv, .path = "m.csv", .split = {}, .on_bad_clip = BadClipPolicy::kFail};
  random.split = {.by = SplitBy::kRandom,
                  .validation_folds = {},
                  .test_folds = {},
                  .validation_fraction = 0.1,
                  .test_fraction = 0.0,
                  .seed = ~std::uint64_t{0},
                  .cross_validation = false,
                  .allow_leakage = true};
  for (const DatasetSpec& dataset : {folds, random}) {
    EXPECT_EQ(dataset_from_json(json::parse(to_json(dataset).dump())).value(), dataset);
  }
}

TEST(SettingsJson, UsesTheNamesOfTheSweepYaml) {
  EXPECT_EQ(to_json(unusual_settings())["model"], (json{{"architecture", "inception_v3"},
                                                        {"weights", "w.safetensors"},
                                                        {"trainable", {{"blocks", 3}}},
                                                        {"precision", "bfloat16"}}));
}

TEST(SettingsJson, NamesTheFieldThatIsMissingUnknownOrIllTyped) {
  const json good = to_json(TrialSettings{});
  const auto message = [](const json& bad) {
    return std::string(settings_from_json(bad).status().message());
  };
  json bad = good;
  bad["training"].erase("steps");
  EXPECT_EQ(message(bad), "the field 'training.steps' is missing");
  bad = good;
  bad["training"]["stepz"] = 1;
  EXPECT_EQ(message(bad), "unknown field 'training.stepz'");
  bad = good;
  bad["features"]["n_fft"] = 1LL << 40;
  EXPECT_THAT(message(bad), HasSubstr("'features.n_fft' must be"));
  bad = good;
  bad["model"] = 5;
  EXPECT_EQ(message(bad), "the field 'model.architecture' is missing");
  bad = good;
  bad["model"]["trainable"] = {{"blocks", 12}};
  EXPECT_THAT(message(bad), HasSubstr("'model.trainable' must be"));
  EXPECT_THAT(message(json::array()), HasSubstr("must be a JSON object"));
  EXPECT_THAT(std::string(features_from_json(5).status().message()), HasSubstr("must be a JSON object"));
}

}  // namespace
}  // namespace melsweep::spec

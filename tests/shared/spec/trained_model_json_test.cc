#include "shared/spec/trained_model_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace melsweep::spec {
namespace {

using nlohmann::ordered_json;
using ::testing::HasSubstr;

TrainedModel sample_model() {
  TrainedModel model;
  model.labels = {"dog", "rain"};
  model.file = {.path = "model.safetensors", .sha256 = "ab"};
  model.start = {.path = "inception_v3.safetensors", .sha256 = "feed"};
  model.settings.model.trainable = {.kind = TrainableKind::kBlocks, .blocks = 2};
  model.settings.features.n_mels = 64;
  model.origin = {.sweep = "lr-grid",
                  .sweep_id = 3,
                  .trial = 7,
                  .parameters = {{.name = "learning_rate", .value = 0.05},
                                 {.name = "batch_size", .value = std::int64_t{200}},
                                 {.name = "augmentation", .value = std::string("channels")}},
                  .seed = std::numeric_limits<std::uint64_t>::max(),
                  .validation_fold = 2,
                  .step = 30000,
                  .dataset = {.format = DatasetFormat::kEsc50, .path = "data/ESC-10", .split = {}},
                  .dataset_hash = "c0ffee",
                  .trainer = "melsweep-trainer 1.2.3",
                  .device = "cpu",
                  .finished_at = "2026-01-31T12:00:00Z",
                  .clips_skipped = 1,
                  .clips = {{.class_name = "dog", .train = 24, .validation = 8, .test = 8, .pictures = 48}},
                  .metrics = {{.step = 30000, .name = "validation/accuracy", .value = 0.9}},
                  .evaluations = {{.split = "validation",
                                   .classes = {{.class_name = "dog",
                                                .precision = 1.0,
                                                .recall = 0.5,
                                                .f1 = 2.0 / 3.0,
                                                .support = 8}}}},
                  .warnings = {"one recording is on both sides"}};
  model.origin.dataset.split.validation_folds = {2};
  return model;
}

TEST(TrainedModelJsonTest, WhatIsWrittenIsReadBackEqual) {
  const auto read = trained_model_from_json(ordered_json::parse(to_json(sample_model()).dump()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, sample_model());
}

TEST(TrainedModelJsonTest, AnOlderFileGaveAPictureAClip) {
  ordered_json older = ordered_json::parse(to_json(sample_model()).dump());
  ASSERT_EQ(older["origin"]["clips"][0].erase("pictures"), 1U);
  EXPECT_EQ(trained_model_from_json(older)->origin.clips[0].pictures, 24);
}

TEST(TrainedModelJsonTest, AMetricThatIsNoNumberStaysNone) {
  TrainedModel model = sample_model();
  model.origin.metrics[0].value = std::nan("");
  const auto read = trained_model_from_json(ordered_json::parse(to_json(model).dump()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(std::isnan(read->origin.metrics.at(0).value));
}

TEST(TrainedModelJsonTest, AMemberOfALaterProgramIsPassedOver) {
  ordered_json json = to_json(sample_model());
  json["license"] = "MIT";
  EXPECT_TRUE(trained_model_from_json(json).ok());
}

TEST(TrainedModelJsonTest, WhatIsMissingOrWrongIsNamed) {
  const auto complaint = [](const ordered_json& json) {
    return std::string(trained_model_from_json(json).status().message());
  };
  ordered_json json = to_json(sample_model());
  json.erase("labels");
  EXPECT_THAT(complaint(json), HasSubstr("labels"));
  json = to_json(sample_model());
  json["settings"]["features"]["n_mels"] = "many";
  EXPECT_THAT(complaint(json), HasSubstr("features.n_mels"));
  json = to_json(sample_model());
  json["labels"] = ordered_json::array();
  EXPECT_THAT(complaint(json), HasSubstr("no labels"));
  json = to_json(sample_model());
  json["version"] = kModelFormatVersion + 1;
  EXPECT_THAT(complaint(json), HasSubstr("newer melsweep"));
  EXPECT_THAT(complaint(ordered_json::array()), HasSubstr("no description of a model"));
  EXPECT_THAT(complaint({{"format", "other"}}), HasSubstr("no description of a model"));
}

}  // namespace
}  // namespace melsweep::spec

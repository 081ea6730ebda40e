#include "worker/trainer/models/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TrainedModel sample_model() {
  TrainedModel model;
  model.labels = {"dog", "rain"};
  model.file = {.path = "model.safetensors", .sha256 = "ab"};
  model.start = {.path = "inception_v3.safetensors", .sha256 = "feed"};
  ModelOrigin& origin = model.origin;
  origin.sweep = "lr-grid";
  origin.sweep_id = 3;
  origin.trial = 7;
  origin.parameters = {{.name = "learning_rate", .value = 0.05}};
  origin.step = 30000;
  origin.dataset.path = "data/ESC-10";
  origin.dataset.split.validation_folds = {4};
  origin.dataset.split.test_folds = {5};
  origin.dataset_hash = "c0ffee";
  origin.clips = {{.class_name = "dog", .train = 24, .validation = 8, .test = 9, .pictures = 72},
                  {.class_name = "rain", .train = 20, .validation = 7, .test = 6, .pictures = 40}};
  origin.metrics = {{.step = 30000, .name = "validation/accuracy", .value = 0.91254}};
  origin.evaluations = {
      {.split = "validation",
       .classes = {{.class_name = "dog", .precision = 1.0, .recall = 0.875, .f1 = 0.933, .support = 8}}}};
  return model;
}

std::string card(const TrainedModel& model, const inception::Dialect& dialect = {}) {
  return model_card(model, dialect, "melsweep-trainer 1.2.3");
}

TEST(ModelCardTest, SaysWhatItWasTrainedOn) {
  EXPECT_THAT(
      card(sample_model()),
      AllOf(HasSubstr("| 0 | dog | 24 | 72 | 8 | 9 |"), HasSubstr("| | all | 44 | 112 | 15 | 15 |"),
            HasSubstr("`c0ffee`"), HasSubstr("by fold, validation 4, test 5"),
            HasSubstr("learning\\_rate = 0.05"), HasSubstr("`inception_v3.safetensors`, SHA-256 `feed`")));
}

TEST(ModelCardTest, SaysHowGoodItIsAndThatTheTestClipsWereNotLookedAt) {
  EXPECT_THAT(card(sample_model()), AllOf(HasSubstr("| validation/accuracy | 0.9125 |"),
                                          HasSubstr("| dog | 1.000 | 0.875 | 0.933 | 8 |"),
                                          HasSubstr("on test clips it was not measured")));
  TrainedModel tested = sample_model();
  tested.origin.evaluations.push_back({.split = "test", .classes = {}});
  EXPECT_THAT(card(tested), Not(HasSubstr("was not measured")));
}

TEST(ModelCardTest, WarningsStandBeforeTheNumbers) {
  EXPECT_THAT(card(sample_model()), Not(HasSubstr("Mind this")));
  TrainedModel model = sample_model();
  model.origin.warnings = {"12 recordings are on both sides of the split"};
  const std::string text = card(model);
  const std::size_t warning = text.find("12 recordings are on both sides");
  ASSERT_NE(warning, std::string::npos);
  EXPECT_LT(warning, text.find("## How good it is"));
}

TEST(ModelCardTest, CrossValidationNamesTheFoldThatValidated) {
  TrainedModel model = sample_model();
  model.origin.validation_fold = 2;
  EXPECT_THAT(card(model), HasSubstr("cross-validation: fold 2 validates"));
}

TEST(ModelCardTest, NamesThatWouldBreakTheTablesDoNot) {
  TrainedModel model = sample_model();
  model.origin.clips[0].class_name = "dog | <b>cat</b>\n# big";
  EXPECT_THAT(card(model), HasSubstr("| 0 | dog \\| \\<b>cat\\</b> # big | 24 |"));
}

TEST(ModelCardTest, TellsWhatTheDialectAsksOfOtherPrograms) {
  const inception::Dialect keras{inception::PoolPadding::kNotCounted, inception::InputRange::kZeroToOne};
  EXPECT_THAT(card(sample_model(), keras), AllOf(HasSubstr("count_include_pad=False"), HasSubstr("[0,1]")));
  EXPECT_THAT(card(sample_model()), AllOf(Not(HasSubstr("count_include_pad")), HasSubstr("[-1,1]")));
}

}  // namespace
}  // namespace melsweep::models

#include "shared/spec/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

ParameterValue text(const char* word) {
  return std::string(word);
}

TEST(Parameters, AreNamedByTheLastWordOrTheDottedPath) {
  const SweepSpec sweep = parsed(with("parameters:\n  learning_rate: [0.1]\n  features.n_mels: [64, 128]\n"));
  ASSERT_EQ(sweep.parameters.size(), 2U);
  EXPECT_EQ(sweep.parameters[0], (ParameterAxis{"learning_rate", "training.learning_rate", {0.1}}));
  EXPECT_EQ(sweep.parameters[1],
            (ParameterAxis{"features.n_mels", "features.n_mels", {std::int64_t{64}, std::int64_t{128}}}));
}

TEST(Parameters, TakeTheTypeOfTheirField) {
  const SweepSpec sweep = parsed(with("parameters:\n  learning_rate: [1]\n"));
  EXPECT_THAT(sweep.parameters.at(0).values, ElementsAre(ParameterValue(1.0)));
}

TEST(Parameters, HoldAugmentationsAndTrainableLayersAsText) {
  const SweepSpec sweep =
      parsed(with("parameters:\n  augmentation: [none, [channels]]\n  trainable: [head, {blocks: 2}]\n"));
  EXPECT_THAT(sweep.parameters.at(0).values, ElementsAre(text("none"), text("channels")));
  EXPECT_THAT(sweep.parameters.at(1).values, ElementsAre(text("head"), text("blocks: 2")));
}

TEST(Parameters, RefuseAFieldSweptTwice) {
  EXPECT_EQ(problems_in(with("parameters:\n  steps: [500]\n  training.steps: [600]\n")),
            "f:10:3: training.steps is swept twice: 'steps' and 'training.steps' (keep one of the two)\n");
}

TEST(Parameters, RefuseAFieldThatIsAlsoGiven) {
  EXPECT_EQ(problems_in(with("training: {steps: 700}\nparameters:\n  steps: [500]\n")),
            "f:10:3: training.steps is both given and swept by parameters.steps (keep one of the two)\n");
}

TEST(Parameters, RefuseAnEmptyGrid) {
  EXPECT_EQ(problems_in(with("parameters:\n  steps: []\n")),
            "f:9:10: parameters.steps is an empty list (give at least one value)\n");
  EXPECT_THAT(problems_in(with("parameters: {}\n")),
              StartsWith("f:8:13: parameters is empty: there is nothing to try"));
}

TEST(Parameters, RefuseASingleValueWithoutAList) {
  EXPECT_EQ(
      problems_in(with("parameters:\n  learning_rate: 0.1\n")),
      "f:9:18: parameters.learning_rate must be a list of the values to try, such as [0.01], not 0.1\n");
}

TEST(Parameters, RefuseValuesThatTheFieldWouldRefuse) {
  EXPECT_EQ(problems_in(with("parameters:\n  batch_size: [50, big]\n")),
            "f:9:20: parameters.batch_size[1] must be a whole number, not 'big'\n");
  EXPECT_THAT(problems_in(with("parameters:\n  trainable: [head, {blocks: 12}]\n")),
              StartsWith("f:9:30: parameters.trainable[1].blocks must be at most 11"));
}

TEST(Parameters, RefuseRepeatedValuesEvenInAnotherSpelling) {
  EXPECT_EQ(problems_in(with("parameters:\n  learning_rate: [1, 0.5, 1.0]\n")),
            "f:9:27: parameters.learning_rate[2] repeats 1 (name each value only once)\n");
}

TEST(Parameters, RefuseUnknownFields) {
  EXPECT_THAT(problems_in(with("parameters:\n  learnin_rate: [0.1]\n")),
              HasSubstr("f:9:3: unknown key 'learnin_rate' (did you mean 'learning_rate'?)"));
  EXPECT_THAT(problems_in(with("parameters:\n  seeds: [1]\n")),
              HasSubstr("a field of features, model or training can be swept"));
}

TEST(Parameters, MayHoldTheWeights) {
  std::string yaml(kSmallest);
  yaml.replace(yaml.find("model:"), std::string::npos,
               "parameters: {model.weights: [a.safetensors, random]}\n");
  EXPECT_EQ(parsed(yaml).base.model.weights, "");
}

TEST(SetParameter, NamesTheFieldThatDoesNotExistOrDoesNotFit) {
  TrialSettings settings;
  EXPECT_THAT(std::string(set_parameter("nothing", 1.0, settings).message()), HasSubstr("'nothing'"));
  EXPECT_THAT(std::string(set_parameter("steps", 1.5, settings).message()),
              StartsWith("steps must be a whole number"));
  EXPECT_EQ(settings, TrialSettings{});
}

}  // namespace
}  // namespace melsweep::spec

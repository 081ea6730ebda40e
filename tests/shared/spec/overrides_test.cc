#include "shared/spec/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(ParseOverride, SplitsAtTheFirstEqualsSign) {
  const auto result = parse_override(" name = a=b");
  ASSERT_TRUE(std::holds_alternative<Override>(result));
  EXPECT_EQ(std::get<Override>(result).path, "name");
  EXPECT_EQ(std::get<Override>(result).value, " a=b");
}

TEST(ParseOverride, RefusesWhatHasNoPath) {
  for (const char* text : {"", "name", "=5", " =5", "training.=5", "a..b=1"}) {
    EXPECT_TRUE(std::holds_alternative<Problem>(parse_override(text))) << text;
  }
  EXPECT_EQ(std::get<Problem>(parse_override("name")).to_string(),
            "--set name: there is no '=' (write --set path=value, such as --set training.steps=100)");
}

TEST(Overrides, ReplaceAndAddValues) {
  const SweepSpec sweep = parsed(kSmallest, {{"name", "other"},
                                             {"training.steps", "100"},
                                             {"dataset.split.validation", "[1, 2]"},
                                             {"dataset.path", "../shared/data/ESC-10"}});
  EXPECT_EQ(sweep.name, "other");
  EXPECT_EQ(sweep.base.training.steps, 100);
  EXPECT_EQ(sweep.dataset.path, "../shared/data/ESC-10");
  EXPECT_THAT(sweep.dataset.split.validation_folds, ElementsAre(1, 2));
}

TEST(Overrides, ReplaceParametersUnderEitherName) {
  const std::string yaml = with("parameters:\n  learning_rate: [0.5]\n");
  for (const char* path : {"parameters.learning_rate", "parameters.training.learning_rate"}) {
    const SweepSpec sweep = parsed(yaml, {{path, "[0.1, 0.2]"}});
    EXPECT_EQ(sweep.parameters,
              (std::vector<ParameterAxis>{{"learning_rate", "training.learning_rate", {0.1, 0.2}}}));
  }
}

TEST(Overrides, TheLastOneCounts) {
  EXPECT_EQ(parsed(kSmallest, {{"seeds", "2"}, {"seeds", "3"}}).seeds, 3);
}

TEST(Overrides, AreNamedInTheirProblems) {
  EXPECT_EQ(problems_in(kSmallest, {{"training.steps", "many"}}),
            "--set training.steps=many: training.steps must be a whole number, not 'many'\n");
  EXPECT_THAT(problems_in(kSmallest, {{"trainin.steps", "5"}}),
              StartsWith("--set trainin.steps=5: unknown key 'trainin'"));
  EXPECT_THAT(problems_in(kSmallest, {{"name.first", "5"}}),
              StartsWith("--set name.first=5: name is no map"));
  EXPECT_THAT(problems_in(kSmallest, {{"seeds", "[1"}}),
              StartsWith("--set seeds=[1: this is no valid sweep YAML"));
}

TEST(Overrides, TakeTextAsItIs) {
  for (const std::string text : {"/data/x #1", "/a: b", "123", "%x", "true", "null", "{a", "- a", "a\\nb"}) {
    EXPECT_EQ(parsed(kSmallest, {{"dataset.path", text}}).dataset.path, text);
  }
  EXPECT_EQ(parsed(kSmallest, {{"model.weights", " a b "}}).base.model.weights, "a b");
}

TEST(Overrides, ReadQuotedTextAsYaml) {
  EXPECT_EQ(parsed(kSmallest, {{"dataset.path", "'a''b '"}}).dataset.path, "a'b ");
  EXPECT_EQ(parsed(kSmallest, {{"dataset.path", "\"\\u00e9\""}}).dataset.path, "é");
  EXPECT_EQ(problems_in(kSmallest, {{"name", "'foo"}}),
            "--set name='foo: this is no valid sweep YAML: this quote is not closed\n");
}

TEST(Overrides, ReadYamlWhereOtherThanTextIsTaken) {
  EXPECT_EQ(parsed(kSmallest, {{"model.trainable", "{blocks: 2}"}}).base.model.trainable.blocks, 2);
  EXPECT_EQ(parsed(kSmallest, {{"training.steps", "5 # few"}}).base.training.steps, 5);
}

TEST(Overrides, RefuseAnEmptyValue) {
  for (const std::string path : {"seeds", "name"}) {
    for (const std::string value : {"", " "}) {
      EXPECT_EQ(problems_in(kSmallest, {{path, value}}),
                "--set " + path + "=" + value + ": the value is empty\n");
    }
  }
  EXPECT_EQ(problems_in(kSmallest, {{"seeds", "~"}}), "--set seeds=~: the value is empty\n");
}

TEST(Overrides, RefuseControlCharactersInText) {
  EXPECT_EQ(problems_in(kSmallest, {{"name", "a\nb"}}),
            "--set name=a\nb: a line break in the text: write it on one line\n");
}

}  // namespace
}  // namespace melsweep::spec

#include "client/output/insight_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_split.h"

namespace melsweep::output {
namespace {

using ::testing::HasSubstr;

results::ValueEffect effect(const std::string& value, const std::string& class_name, double f1) {
  return {.parameter = "learning_rate", .value = value, .class_name = class_name, .f1 = f1, .trials = 3};
}

results::SweepExplanation sample_explanation() {
  results::SweepExplanation explanation;
  explanation.effects = {effect("0.005", "dog", 0.5),  effect("0.05", "dog", 0.6),
                         effect("0.005", "rain", 0.9), effect("0.05", "rain", 0.3),
                         effect("0.005", "", 0.7),     effect("0.05", "", 0.45)};
  explanation.hard_clips = {{.clip = "a.wav",
                             .true_class = "dog",
                             .mostly_taken_for = "rain",
                             .trials = 9,
                             .wrong = 9,
                             .mean_true_probability = 0.1,
                             .mean_taken_probability = 0.8}};
  return explanation;
}

TEST(InsightTablesTest, AParameterIsATableWithTheClassesItMattersMostToFirst) {
  const std::string text =
      render_sections(explanation_sections(sample_explanation(), OutputFormat::kTable), OutputFormat::kTable);
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  ASSERT_GE(lines.size(), 5);
  EXPECT_THAT(lines[0], HasSubstr("by learning_rate"));
  EXPECT_EQ(lines[1], "class    0.005    0.05  best     gain");
  EXPECT_EQ(lines[2], "rain    0.9000  0.3000  0.005  0.6000");
  EXPECT_EQ(lines[3], "dog     0.5000  0.6000  0.05   0.1000");
  EXPECT_EQ(lines[4], "(mean)  0.7000  0.4500  0.005  0.2500");
}

TEST(InsightTablesTest, AParameterWithOneValueExplainsNothing) {
  results::SweepExplanation explanation;
  explanation.effects = {effect("0.05", "dog", 0.6), effect("0.05", "", 0.6)};
  EXPECT_EQ(render_sections(explanation_sections(explanation, OutputFormat::kTable), OutputFormat::kTable),
            "");
}

TEST(InsightTablesTest, ExplanationsJsonIsRowsOfPlainValues) {
  const auto json = nlohmann::json::parse(
      render_sections(explanation_sections(sample_explanation(), OutputFormat::kJson), OutputFormat::kJson));
  EXPECT_EQ(json["effects"].size(), 6);
  EXPECT_EQ(json["effects"][1]["value"], "0.05");
  EXPECT_EQ(json["effects"][1]["f1"], 0.6);
  EXPECT_TRUE(json["effects"][4]["class"].is_null());
  EXPECT_EQ(json["hard_clips"][0]["mostly_taken_for"], "rain");
}

TEST(InsightTablesTest, DuplicatesAcrossSplitsAreTheSentencesOfTheWarnings) {
  results::SweepExplanation explanation;
  explanation.duplicates_across_splits = {"a.wav in train ~ b.wav in test"};
  EXPECT_EQ(render_sections(explanation_sections(explanation, OutputFormat::kTable), OutputFormat::kTable),
            "Duplicates across splits: one sound on both sides flatters every trial\n"
            "found\n"
            "a.wav in train ~ b.wav in test\n");
  const auto json = nlohmann::json::parse(
      render_sections(explanation_sections(explanation, OutputFormat::kJson), OutputFormat::kJson));
  EXPECT_EQ(json["duplicates_across_splits"],
            nlohmann::json::parse(R"([{"found":"a.wav in train ~ b.wav in test"}])"));
}

TEST(InsightTablesTest, PicturesAreATableWithAColumnForEachAugmentation) {
  results::SweepExplanation explanation;
  explanation.pictures = {
      {.augmentation = "none", .class_name = "dog", .folds = 2, .clips = 10, .pictures = 10},
      {.augmentation = "none", .class_name = "rain", .folds = 2, .clips = 8, .pictures = 8},
      {.augmentation = "channels+noise", .class_name = "dog", .folds = 2, .clips = 10, .pictures = 40},
      {.augmentation = "channels+noise", .class_name = "rain", .folds = 2, .clips = 8, .pictures = 48}};
  EXPECT_EQ(render_sections(explanation_sections(explanation, OutputFormat::kTable), OutputFormat::kTable),
            "Training clips and the pictures that each augmentation made of them, all folds together\n"
            "class  clips  none  channels+noise\n"
            "dog       10    10              40\n"
            "rain       8     8              48\n"
            "(all)     18    18              88\n");
  const auto json = nlohmann::json::parse(
      render_sections(explanation_sections(explanation, OutputFormat::kJson), OutputFormat::kJson));
  EXPECT_EQ(json["pictures"][3],
            nlohmann::json::parse(R"({"augmentation":"channels+noise","class":"rain","folds":2,"clips":8,)"
                                  R"("pictures":48})"));
  explanation.pictures.pop_back();  // of one fold only
  explanation.pictures.back().folds = 1;
  EXPECT_THAT(render_sections(explanation_sections(explanation, OutputFormat::kTable), OutputFormat::kTable),
              HasSubstr("augmentation    class  folds  clips  pictures\n"));
  explanation.pictures.resize(2);
  EXPECT_EQ(render_sections(explanation_sections(explanation, OutputFormat::kTable), OutputFormat::kTable),
            "");
}

TEST(InsightTablesTest, ComparisonsHaveFourParts) {
  results::RunComparison comparison;
  comparison.settings = {{.path = "training.batch_size", .a = "50", .b = "100"}};
  comparison.metrics = {{.metric = "validation/accuracy", .a = 0.5, .b = 0.75},
                        {.metric = "own", .a = 1.0, .b = {}}};
  comparison.classes = {
      {.split = "validation", .class_name = "dog", .a_f1 = 0.5, .b_f1 = 0.25, .support = 8}};
  comparison.clips = {{.verdict = results::Verdict::kBothWrong,
                       .split = "validation",
                       .clip = "a.wav",
                       .true_class = "dog",
                       .a_class = "rain",
                       .b_class = "sea",
                       .a_probability = 0.1,
                       .b_probability = 0.2}};
  const auto json =
      nlohmann::json::parse(render_sections(comparison_sections(comparison), OutputFormat::kJson));
  EXPECT_EQ(json["settings"][0]["setting"], "training.batch_size");
  EXPECT_EQ(json["metrics"][0]["change"], 0.25);
  EXPECT_TRUE(json["metrics"][1]["change"].is_null());
  EXPECT_EQ(json["classes"][0]["change"], -0.25);
  EXPECT_EQ(json["clips"][0]["verdict"], "both wrong");
  EXPECT_EQ(json["clips"][0]["b"], "sea");
}

}  // namespace
}  // namespace melsweep::output

#include "client/report/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "client/report/comparison_findings.h"
#include "tests/client/report/compared_stories.h"

namespace melsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<ContrastedClip>& clips) {
  std::vector<std::string> names;
  for (const ContrastedClip& clip : clips) names.push_back(clip.clip->clip);
  return names;
}

TEST(ComparisonTest, ClipsThatOneAloneIsRightAboutAreListedTheFurthestApartFirst) {
  const results::Story a = story_of(1, {.wrong = {0, 1}});
  const results::Story b = story_of(2, {.wrong = {1, 2, 3}, .unsure = {3}});
  const Comparison comparison = compare(a, b);
  EXPECT_THAT(names(comparison.only_b), ElementsAre("clip0"));
  EXPECT_THAT(names(comparison.only_a), ElementsAre("clip2", "clip3"));
  EXPECT_EQ(comparison.both_wrong, 1);
  EXPECT_EQ(comparison.difference.clips, 20);
  EXPECT_NEAR(comparison.a_right, 0.9, 1e-12);
  EXPECT_NEAR(comparison.b_right, 0.85, 1e-12);
  EXPECT_EQ(comparison.only_b.front().a.taken_for, "rain");
  EXPECT_EQ(comparison.only_b.front().b.taken_for, "dog");
}

TEST(ComparisonTest, TheBetterOneIsNamedWithItsMarginAndInterval) {
  const results::Story a = story_of(1, {.wrong = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}});
  const results::Story b = story_of(2, {.wrong = {0}});
  EXPECT_THAT(comparison_finding(compare(a, b)),
              testing::MatchesRegex(
                  "B \\(sweep 2 'made'\\) is better than A \\(sweep 1 'made'\\) by 45\\.0 points: on the "
                  "same 20 validation clips its accuracy is 0\\.950 against 0\\.500 \\(95 % interval "
                  "\\+[0-9.]+ to \\+[0-9.]+\\)\\."));
  EXPECT_THAT(comparison_finding(compare(b, a)),
              HasSubstr("A (sweep 2 'made') is better than B (sweep 1 'made') by 45.0 points"));
}

TEST(ComparisonTest, WhatCannotBeToldApartIsSaid) {
  const results::Story a = story_of(1, {.wrong = {0, 1}});
  const results::Story same = story_of(2, {.wrong = {0, 1}});
  const results::Story other = story_of(3, {.wrong = {0, 2, 3}});
  EXPECT_EQ(
      comparison_finding(compare(a, same)),
      "A (sweep 1 'made') and B (sweep 2 'made') cannot be told apart: on the same 20 validation clips the "
      "accuracy of each is 0.900, and they are right about the very same ones.");
  EXPECT_THAT(
      comparison_finding(compare(a, other)),
      HasSubstr("cannot be told apart: on the same 20 validation clips A's accuracy is 0.900 and B's 0.850, "
                "B less A -5.0 points (95 % interval -"));
}

TEST(ComparisonTest, AFewRecordingsDoNotDecide) {
  const results::Story a = story_of(1, {.wrong = {0, 1, 2, 3, 4}});
  const results::Story b = story_of(2, {.wrong = {}});
  EXPECT_THAT(comparison_finding(compare(a, b)), HasSubstr("cannot be told apart"));
  EXPECT_THAT(comparison_finding(compare(a, b)), HasSubstr(", but of only 5 recordings)."));
}

TEST(ComparisonTest, DifferentClassesAreSaid) {
  const results::Story a = story_of(1, {.wrong = {0}});
  const results::Story b = story_of(2, {.wrong = {0}, .classes = {"dog", "siren", "bell"}});
  EXPECT_THAT(
      comparison_finding(compare(a, b)),
      HasSubstr("do not tell the same classes apart (2 and 3, 1 of them in common), so that neither"));
}

TEST(ComparisonTest, NoClipInCommonIsSaid) {
  const results::Story a = story_of(1, {.wrong = {0}});
  const results::Story b = story_of(2, {.wrong = {0}, .prefix = "other"});
  EXPECT_EQ(
      comparison_finding(compare(a, b)),
      "A (sweep 1 'made') and B (sweep 2 'made') were evaluated on no clip in common, so that neither can be "
      "called "
      "better: A has a validation accuracy of 0.950 (20 validation clips), B a validation accuracy of 0.950 "
      "(20 "
      "validation clips).");
}

TEST(ComparisonTest, AClipOfTheSameNameWithAnotherSoundIsAnother) {
  const results::Story a = story_of(1, {.wrong = {0}});
  results::Story b = story_of(2, {.wrong = {0}});
  for (results::StoryClip& clip : b.sweeps.front().data.clips) clip.content_hash += "0";
  EXPECT_EQ(compare(a, b).difference.clips, 0);
}

TEST(ComparisonTest, WithoutAResultNothingCanBeCompared) {
  const results::Story a = story_of(1, {.wrong = {0}});
  results::Story b = story_of(2, {.wrong = {0}});
  b.sweeps.front().summary.trials_finished = 0;
  const Comparison comparison = compare(a, b);
  EXPECT_EQ(comparison.b.sweep, nullptr);
  EXPECT_EQ(comparison_finding(comparison),
            "Nothing can be compared yet: no setting of B (sweep 2 'made') has a result.");
  EXPECT_THAT(comparison_finding(compare(b, b)), HasSubstr("nor of B"));
}

// A study that was tested beside a sweep that was not: the study's sweep that chose the setting is compared.
TEST(ComparisonTest, LikeIsComparedWithLike) {
  results::Story study = story_of(1, {.wrong = {0}});
  study.study = "made";
  study.sweeps.push_back(story_of(2, {.wrong = {1}}).sweeps.front());
  study.sweeps.back().spec.evaluate = Split::kTest;
  const results::Story sweep = story_of(3, {.wrong = {0}});
  EXPECT_EQ(compare(study, sweep).a.sweep, &study.sweeps.front());
  EXPECT_EQ(compare(sweep, study).b.sweep, &study.sweeps.front());
  EXPECT_EQ(compare(study, study).a.sweep, &study.sweeps.back());
}

TEST(ComparisonTest, SeveralTrialsOfASettingAreAveraged) {
  results::Story a = story_of(1, {.wrong = {0}});
  results::StoryEvaluation second = a.sweeps.front().evaluations.front();
  second.trial = 2;
  second.predictions.front().predicted_index = second.predictions.front().true_index;
  a.sweeps.front().evaluations.push_back(second);
  a.sweeps.front().cells.front().verdicts.front().right = 0.5;
  const results::Story b = story_of(2, {.wrong = {}});
  const Comparison comparison = compare(a, b);
  ASSERT_EQ(comparison.only_b.size(), 1);
  EXPECT_EQ(comparison.only_b.front().a.right, 0.5);
  EXPECT_NEAR(comparison.a_right, 0.975, 1e-12);
  EXPECT_THAT(clips_finding(comparison), HasSubstr("B alone more often about 1"));
}

TEST(ComparisonTest, DifferencesAndClassesAreToldInWords) {
  EXPECT_EQ(differences_finding({}), "The best settings of both do not differ in anything that is recorded.");
  EXPECT_EQ(
      differences_finding({{"features.representation", "mel", "hertz"}, {"seeds", "1", ""}}),
      "The best settings of both differ in features.representation (mel against hertz) and seeds (1 against "
      "nothing).");
  const auto metrics = [](const char* name, double f1) {
    return ClassMetrics{.class_name = name, .precision = f1, .recall = f1, .f1 = f1, .support = 10};
  };
  EXPECT_EQ(contrasts_finding({{"dog", metrics("dog", 0.5), metrics("dog", 0.75)},
                               {"rain", metrics("rain", 0.5), metrics("rain", 0.25)},
                               {"bell", metrics("bell", 0.5), {}}}),
            "Of 2 classes B has the higher F1 in 1 (most for dog: 0.750 against 0.500) and the lower in 1 "
            "(most for rain: "
            "0.250 against 0.500).");
  EXPECT_THAT(contrasts_finding({}), HasSubstr("no class in common"));
}

}  // namespace
}  // namespace melsweep::report

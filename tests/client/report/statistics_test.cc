#include "client/report/statistics.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::report {
namespace {

using Verdicts = std::vector<results::ClipVerdict>;

// `right` of 100 clips, from the `first` on; `per_recording` clips of one recording follow each other.
Verdicts verdicts(int first, int right, int per_recording = 1) {
  Verdicts list;
  for (int i = 0; i < 100; ++i) {
    const std::string clip = "clip" + std::to_string(1000 + i);
    const std::string recording = "recording" + std::to_string(1000 + i / per_recording);
    list.push_back(
        {.clip = clip, .recording = recording, .right = i >= first && i < first + right ? 1.0 : 0.0});
  }
  return list;
}

// R: binom::binom.confint(69, 80, methods = "wilson")
TEST(StatisticsTest, WilsonsIntervalIsThatOfTheLiterature) {
  const Interval interval = wilson_interval(69, 80);
  EXPECT_NEAR(interval.low, 0.7704, 5e-4);
  EXPECT_NEAR(interval.high, 0.9214, 5e-4);
  EXPECT_EQ(wilson_interval(0, 0).high, 1.0);
  EXPECT_EQ(wilson_interval(0, 10).low, 0.0);
}

TEST(StatisticsTest, TheSameVerdictsAreATie) {
  const Verdicts best = verdicts(0, 80);
  const auto differences = differences_to_best(std::vector<const Verdicts*>{&best, &best});
  ASSERT_EQ(differences.size(), 2);
  EXPECT_EQ(differences[1].mean, 0.0);
  EXPECT_TRUE(differences[1].is_tie());
  EXPECT_EQ(differences[1].clips, 100);
}

TEST(StatisticsTest, OneClipFewerIsATieAndTwentyFewerAreNot) {
  const Verdicts best = verdicts(0, 80);
  const Verdicts near = verdicts(1, 79);
  const Verdicts far = verdicts(0, 60);
  const auto differences = differences_to_best(std::vector<const Verdicts*>{&best, &near, &far});
  EXPECT_NEAR(differences[1].mean, -0.01, 1e-12);
  EXPECT_TRUE(differences[1].is_tie());
  EXPECT_EQ(differences[1].broken, 1);
  EXPECT_NEAR(differences[2].mean, -0.2, 1e-12);
  EXPECT_FALSE(differences[2].is_tie());
  EXPECT_LT(differences[2].interval.high, 0.0);
  EXPECT_NEAR(differences[2].interval.low, -0.28, 0.02);  // -0.2 - 1.96 sqrt(0.2 * 0.8 / 100)
}

TEST(StatisticsTest, FewerThanSixRecordingsThatTellTwoApartDoNotDecide) {
  const Verdicts a = verdicts(0, 80);
  const Verdicts five = verdicts(0, 85);
  const Verdicts six = verdicts(0, 86);
  const auto differences = differences_to_best(std::vector<const Verdicts*>{&a, &five, &six});
  EXPECT_EQ(differences[1].recordings_apart, 5);
  EXPECT_GT(differences[1].interval.low, 0.0);
  EXPECT_TRUE(differences[1].is_undecided());
  EXPECT_FALSE(differences[2].is_undecided());
}

TEST(StatisticsTest, ClipsOfOneRecordingAreNoIndependentWitnesses) {
  const Verdicts best = verdicts(0, 100, 50);
  const Verdicts worse = verdicts(0, 90, 50);  // all ten mistakes are in one of two recordings
  const auto differences = differences_to_best(std::vector<const Verdicts*>{&best, &worse});
  EXPECT_TRUE(differences[1].is_tie());
}

TEST(StatisticsTest, ClipsThatOnlyOneWasAskedAboutDoNotCount) {
  const Verdicts best = verdicts(0, 80);
  const Verdicts other = {{.clip = "zzz", .recording = "r", .right = 1.0}};
  const auto differences = differences_to_best(std::vector<const Verdicts*>{&best, &other});
  EXPECT_EQ(differences[1].clips, 0);
  EXPECT_FALSE(differences[1].is_tie());
}

}  // namespace
}  // namespace melsweep::report

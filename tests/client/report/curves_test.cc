#include "client/report/curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace melsweep::report {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kMetric[] = "validation/loss";

results::SweepStory story() {
  results::SweepStory sweep;
  sweep.curves = {{.trial = 1, .points = {{10, kMetric, 1.0}, {20, kMetric, 0.5}}},
                  {.trial = 2, .points = {{10, kMetric, 3.0}, {20, kMetric, 1.5}, {30, kMetric, 9.0}}},
                  {.trial = 3, .points = {{10, kMetric, 7.0}}}};
  return sweep;
}

TEST(CurvesTest, ACellsCurveIsTheMeanWhereAllOfItsTrialsMeasured) {
  EXPECT_THAT(mean_curve(story(), {.summary = {}, .trials = {1, 2}, .settings = "", .verdicts = {}}, kMetric),
              ElementsAre(Pair(10, 2.0), Pair(20, 1.0)));
  EXPECT_THAT(mean_curve(story(), {.summary = {}, .trials = {4}, .settings = "", .verdicts = {}}, kMetric),
              IsEmpty());
}

TEST(CurvesTest, LongCurvesKeepTheirEnds) {
  results::SweepStory sweep;
  sweep.curves = {{.trial = 1, .points = {}}};
  for (int i = 0; i <= 1000; ++i) sweep.curves[0].points.push_back({i, kMetric, 1.0});
  const Curve curve =
      mean_curve(sweep, {.summary = {}, .trials = {1}, .settings = "", .verdicts = {}}, kMetric);
  ASSERT_EQ(curve.size(), 200);
  EXPECT_EQ(curve.front().first, 0);
  EXPECT_EQ(curve.back().first, 1000);
}

TEST(CurvesTest, ALossIsOnItsPlateauWithinOnePercentOfItsLowest) {
  const auto plateau = loss_plateau({{1, 2.0}, {2, 1.02}, {3, 1.009}, {4, 1.0}, {5, 1.5}});
  ASSERT_TRUE(plateau);
  EXPECT_EQ(plateau->step, 3);
  EXPECT_EQ(plateau->best_step, 4);
  EXPECT_EQ(plateau->last_step, 5);
}

TEST(CurvesTest, AnAccuracyIsOnItsPlateauWithinHalfAPointOfItsHighest) {
  const auto plateau = accuracy_plateau({{1, 0.5}, {2, 0.894}, {3, 0.896}, {4, 0.9}});
  ASSERT_TRUE(plateau);
  EXPECT_EQ(plateau->step, 3);
}

TEST(CurvesTest, AFewPointsAreNoPlateau) {
  EXPECT_FALSE(loss_plateau({{1, 2.0}, {2, 1.0}}));
  EXPECT_FALSE(loss_plateau({{1, std::nan("")}, {2, std::nan("")}, {3, 1.0}}));
}

}  // namespace
}  // namespace melsweep::report

#include "shared/model/stage_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace melsweep {
namespace {

using ::testing::HasSubstr;

StageTime stage(const std::string& name, double seconds = 1.0) {
  return {.stage = name, .seconds = seconds};
}

TEST(StageFlaw, SoundStagesHaveNone) {
  EXPECT_EQ(stage_flaw({}), "");
  EXPECT_EQ(stage_flaw({stage("training", 0.0), {"bottlenecks", 12.5, kMaxStageItems, 320}}), "");
  std::vector<StageTime> many;
  for (std::size_t i = 0; i < kMaxStages; ++i) many.push_back(stage(std::to_string(i)));
  EXPECT_EQ(stage_flaw(many), "");
  many.push_back(stage("one more"));
  EXPECT_EQ(stage_flaw(many), "has 33 stages; at most 32 are allowed");
}

TEST(StageFlaw, EachStageHasANameOfItsOwn) {
  EXPECT_EQ(stage_flaw({stage("a"), stage("b"), stage("a")}), "has the stage 'a' twice");
  EXPECT_EQ(stage_flaw({stage("")}), "has a stage without a name");
  EXPECT_EQ(stage_flaw({stage(std::string(256, 's'))}), "");
  EXPECT_THAT(stage_flaw({stage(std::string(257, 's'))}), HasSubstr("longer than 256 bytes"));
}

TEST(StageFlaw, SecondsAreANumberOfThem) {
  EXPECT_EQ(stage_flaw({stage("a", 1e9)}), "");
  for (const double seconds :
       {-0.1, 1.1e9, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(stage_flaw({stage("a", seconds)}), HasSubstr("'a', whose seconds are no number"));
  }
}

TEST(StageFlaw, CountsAreCounts) {
  EXPECT_THAT(stage_flaw({{"a", 1.0, -1, 0}}), HasSubstr("'a', which made or found less than 0"));
  EXPECT_THAT(stage_flaw({{"a", 1.0, 0, -1}}), HasSubstr("less than 0"));
  EXPECT_THAT(stage_flaw({{"a", 1.0, kMaxStageItems + 1, 0}}), HasSubstr("more than 1000000000000"));
  EXPECT_THAT(stage_flaw({{"a", 1.0, 0, std::numeric_limits<std::int64_t>::max()}}), HasSubstr("more than"));
}

}  // namespace
}  // namespace melsweep

#include "client/output/time_text.h"

#include <gtest/gtest.h>

namespace melsweep::output {
namespace {

TEST(TimeTextTest, DurationsGrowCoarserAsTheyGrow) {
  EXPECT_EQ(duration_text(0), "0.0 s");
  EXPECT_EQ(duration_text(9'949), "9.9 s");
  EXPECT_EQ(duration_text(42'000), "42 s");
  EXPECT_EQ(duration_text(185'000), "3 min 05 s");
  EXPECT_EQ(duration_text(7'620'000), "2 h 07 min");
  EXPECT_EQ(duration_text(273'600'000), "3 d 04 h");
}

TEST(TimeTextTest, AlmostAMinuteIsAMinute) {
  EXPECT_EQ(duration_text(59'700), "1 min 00 s");
}

TEST(TimeTextTest, MomentsAreUtc) {
  EXPECT_EQ(moment_text(1'769'860'800'000), "2026-01-31T12:00:00Z");
  EXPECT_EQ(moment_text(0), "");
}

}  // namespace
}  // namespace melsweep::output

#include "worker/agent/stay.h"

#include <gtest/gtest.h>

namespace melsweep::agent {
namespace {

using std::chrono::seconds;

MonotonicTime at(int s) {
  return MonotonicTime(seconds(s));
}

TEST(Stay, HasNoEndWithoutLimits) {
  Stay stay({});
  stay.begin(at(0));
  EXPECT_EQ(stay.over(at(1'000'000)), std::nullopt);
  EXPECT_EQ(stay.next(), std::nullopt);
}

TEST(Stay, EndsAMarginBeforeTheTimeIsUpWithOrWithoutWork) {
  Stay stay({.time_left = seconds(600), .margin = seconds(100)});
  stay.begin(at(10));
  stay.note(true, at(11));
  EXPECT_EQ(stay.next(), at(510));
  EXPECT_EQ(stay.over(at(509)), std::nullopt);
  EXPECT_EQ(stay.over(at(510)), ReleaseReason::kTimeLimit);
}

TEST(Stay, IsOverAtOnceWhereLessThanTheMarginIsLeft) {
  Stay stay({.time_left = seconds(50), .margin = seconds(100)});
  stay.begin(at(10));
  EXPECT_EQ(stay.over(at(10)), ReleaseReason::kTimeLimit);
}

TEST(Stay, EndsAfterALongTimeWithoutWork) {
  Stay stay({.idle = seconds(30)});
  stay.begin(at(10));
  EXPECT_EQ(stay.next(), at(40));
  stay.note(false, at(20));
  EXPECT_EQ(stay.next(), at(40));
  EXPECT_EQ(stay.over(at(39)), std::nullopt);
  EXPECT_EQ(stay.over(at(40)), ReleaseReason::kDrained);
}

TEST(Stay, CountsFromTheEndOfTheLatestWork) {
  Stay stay({.idle = seconds(30)});
  stay.begin(at(0));
  stay.note(true, at(20));
  EXPECT_EQ(stay.next(), std::nullopt);
  EXPECT_EQ(stay.over(at(100)), std::nullopt);
  stay.note(false, at(100));
  EXPECT_EQ(stay.over(at(129)), std::nullopt);
  EXPECT_EQ(stay.over(at(130)), ReleaseReason::kDrained);
}

TEST(Stay, EndsAtTheEarlierOfTwoLimits) {
  Stay stay({.time_left = seconds(100), .margin = seconds(10), .idle = seconds(30)});
  stay.begin(at(0));
  EXPECT_EQ(stay.next(), at(30));
  stay.note(true, at(1));
  stay.note(false, at(80));
  EXPECT_EQ(stay.next(), at(90));
}

}  // namespace
}  // namespace melsweep::agent

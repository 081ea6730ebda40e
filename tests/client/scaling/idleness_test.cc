#include "client/scaling/idleness.h"

#include <gtest/gtest.h>

#include "tests/client/scaling/fleet_fixture.h"

namespace melsweep::scaling {
namespace {

using std::chrono::seconds;

MonotonicTime at(int s) {
  return MonotonicTime(seconds(s));
}

TEST(Idleness, IsLongWhereItHasBeenSeenForSoLong) {
  Idleness idleness(seconds(60));
  const std::vector<Member> members = {begun("a"), begun("b")};
  EXPECT_EQ(idleness.count_long_idle(members, {idle_worker("a"), busy_worker("b")}, at(0)), 0);
  EXPECT_EQ(idleness.count_long_idle(members, {idle_worker("a"), idle_worker("b")}, at(30)), 0);
  EXPECT_EQ(idleness.count_long_idle(members, {idle_worker("a"), idle_worker("b")}, at(60)), 1);
  EXPECT_EQ(idleness.count_long_idle(members, {idle_worker("a"), idle_worker("b")}, at(90)), 2);
}

TEST(Idleness, BeginsAnewAfterWork) {
  Idleness idleness(seconds(60));
  EXPECT_EQ(idleness.count_long_idle({begun("a")}, {idle_worker("a")}, at(0)), 0);
  EXPECT_EQ(idleness.count_long_idle({begun("a")}, {busy_worker("a")}, at(59)), 0);
  EXPECT_EQ(idleness.count_long_idle({begun("a")}, {idle_worker("a")}, at(61)), 0);
  EXPECT_EQ(idleness.count_long_idle({begun("a")}, {idle_worker("a")}, at(121)), 1);
}

TEST(Idleness, IsNotThatOfWhoHasNotBegunOrIsToLeave) {
  Idleness idleness(seconds(0));
  EXPECT_EQ(idleness.count_long_idle({waiting("a"), begun("b"), begun("c")}, {leaving_worker("c")}, at(0)),
            0);
}

}  // namespace
}  // namespace melsweep::scaling

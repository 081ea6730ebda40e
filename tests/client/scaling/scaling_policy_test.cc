#include "client/scaling/scaling_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/scaling/fleet_fixture.h"

namespace melsweep::scaling {
namespace {

using testing::HasSubstr;

TEST(ChangeTo, StartsWhatIsMissing) {
  EXPECT_EQ(change_to(3, {}, {}), Change{.start = 3});
  EXPECT_EQ(change_to(3, {waiting("a"), begun("b")}, {idle_worker("b")}), Change{.start = 1});
  EXPECT_EQ(change_to(2, {waiting("a"), begun("b")}, {}), Change{});
}

TEST(ChangeTo, LetsGoFirstWhoHasNotBegunAndLastWhoIsFarthest) {
  const std::vector<Member> members = {begun("half"), begun("idle"), begun("new"), waiting("queued"),
                                       begun("little")};
  const std::vector<results::WorkerSummary> workers = {busy_worker("half", 50), idle_worker("idle"),
                                                       busy_worker("little", 2)};
  EXPECT_EQ(change_to(4, members, workers), (Change{.withdraw = {"queued"}}));
  EXPECT_EQ(change_to(3, members, workers), (Change{.withdraw = {"queued", "new"}}));
  EXPECT_EQ(change_to(2, members, workers),
            (Change{.withdraw = {"queued", "new"}, .drain = {{"idle-0a1b2c3d"}}}));
  EXPECT_EQ(change_to(1, members, workers),
            (Change{.withdraw = {"queued", "new"}, .drain = {{"idle-0a1b2c3d"}, {"little-0a1b2c3d"}}}));
}

TEST(ChangeTo, DoesNotCountWhoIsToLeaveAlready) {
  EXPECT_EQ(change_to(2, {begun("a"), begun("b")}, {leaving_worker("a"), busy_worker("b")}),
            Change{.start = 1});
  EXPECT_EQ(change_to(1, {begun("a"), begun("b")}, {leaving_worker("a"), busy_worker("b")}), Change{});
  EXPECT_EQ(count_staying({begun("a"), begun("b")}, {leaving_worker("a"), busy_worker("b")}), 1);
}

TEST(ChangeTo, TakesNoStrangerForAMember) {
  results::WorkerSummary dead = idle_worker("a");
  dead.alive = false;
  EXPECT_EQ(change_to(0, {begun("a")}, {dead}), Change{.withdraw = {"a"}})
      << "the coordinator knows a dead one only";
  EXPECT_EQ(change_to(0, {begun("a")}, {idle_worker("a-b")}), Change{.withdraw = {"a"}});
}

constexpr Bounds kBounds = {.least = 0, .most = 8, .finish_in = std::chrono::seconds(100)};

TEST(Decide, NothingToDoNeedsNobody) {
  EXPECT_EQ(decide({}, kBounds, 0, 0).wanted, 0);
  EXPECT_THAT(decide({}, kBounds, 0, 0).why, HasSubstr("nothing to do"));
  EXPECT_EQ(decide({}, {.least = 2, .most = 8}, 0, 0).wanted, 2);
}

TEST(Decide, ASweepThatIsToBePreparedNeedsOne) {
  EXPECT_EQ(decide({.unprepared = 1}, kBounds, 0, 0).wanted, 1);
}

TEST(Decide, OneForEachTrialWhereTheirLengthIsNotKnown) {
  EXPECT_EQ(decide({.trials = 5}, kBounds, 0, 0).wanted, 5);
  const Decision many = decide({.trials = 50}, kBounds, 0, 0);
  EXPECT_EQ(many.wanted, 8);
  EXPECT_THAT(many.why, HasSubstr("at most 8 allowed"));
}

TEST(Decide, AsManyAsGetDoneInTime) {
  EXPECT_EQ(decide({.trials = 30, .trial_s = 10.0}, kBounds, 0, 0).wanted, 3);
  EXPECT_EQ(decide({.trials = 31, .trial_s = 10.0}, kBounds, 0, 0).wanted, 4);
  EXPECT_EQ(decide({.trials = 2, .trial_s = 1000.0}, kBounds, 0, 0).wanted, 2)
      << "more would have nothing to do";
}

TEST(Decide, TrialsThatRunSideBySideTakeTheTimeOfOne) {
  EXPECT_EQ(decide({.trials = 30, .running = 10, .busy = 2, .trial_s = 50.0}, kBounds, 2, 0).wanted, 3);
}

TEST(Decide, FewerOnlyAsFarAsSomeAreIdle) {
  EXPECT_EQ(decide({.trials = 1, .running = 1, .busy = 1, .trial_s = 10.0}, kBounds, 6, 0).wanted, 6);
  EXPECT_EQ(decide({.trials = 1, .running = 1, .busy = 1, .trial_s = 10.0}, kBounds, 6, 4).wanted, 2);
  EXPECT_EQ(decide({.trials = 1, .running = 1, .busy = 1, .trial_s = 10.0}, kBounds, 6, 5).wanted, 1);
  EXPECT_EQ(decide({}, {.least = 2, .most = 8}, 6, 6).wanted, 2);
  EXPECT_EQ(decide({}, kBounds, 12, 0).wanted, 12) << "busy ones stay, however many";
}

}  // namespace
}  // namespace melsweep::scaling

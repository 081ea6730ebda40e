#include "coordinator/core/group_size.h"

#include <gtest/gtest.h>

namespace melsweep::core {
namespace {

TEST(FairShare, OfAWorkerThatIsAloneIsAll) {
  EXPECT_EQ(fair_share({.ready = 90, .leased = 0, .idle = 1, .busy = 0}), 90);
}

TEST(FairShare, IsAnEvenPartOfWhatIsReadyForEachOfTheIdle) {
  EXPECT_EQ(fair_share({.ready = 90, .leased = 0, .idle = 4, .busy = 0}), 23);
  EXPECT_EQ(fair_share({.ready = 3, .leased = 1000, .idle = 3, .busy = 1}), 1) << "nobody stands idle";
}

TEST(FairShare, LeavesToTheBusyWhatTheyWouldHaveOfAllThatIsLeft) {
  EXPECT_EQ(fair_share({.ready = 90, .leased = 0, .idle = 1, .busy = 1}), 45);
  EXPECT_EQ(fair_share({.ready = 45, .leased = 45, .idle = 1, .busy = 1}), 45) << "the other has its part";
  EXPECT_EQ(fair_share({.ready = 45, .leased = 5, .idle = 1, .busy = 1}), 25)
      << "the other will be back soon";
}

TEST(FairShare, OfTheLargestCostsDoesNotOverflow) {
  const std::int64_t large = std::int64_t{1} << 61;
  EXPECT_EQ(fair_share({.ready = large, .leased = large, .idle = 1, .busy = 1}), large);
}

}  // namespace
}  // namespace melsweep::core

#include "coordinator/search/grid.h"

#include <gtest/gtest.h>

#include <limits>

namespace melsweep::search {
namespace {

SweepSpec two_by_three() {
  SweepSpec sweep;
  sweep.parameters = {
      {"learning_rate", "training.learning_rate", {0.1, 0.2}},
      {"batch_size", "training.batch_size", {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}}}};
  return sweep;
}

TEST(Grid, ProposesEveryCellOnceWithTheLastAxisFastest) {
  const std::vector<Cell> cells = propose({two_by_three(), 0}, 100);
  ASSERT_EQ(cells.size(), 6U);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(cells[i].index, static_cast<std::int64_t>(i));
    EXPECT_EQ(cells[i].settings.training.learning_rate, i < 3 ? 0.1 : 0.2);
    EXPECT_EQ(cells[i].settings.training.batch_size, static_cast<std::int64_t>(i % 3 + 1));
  }
}

TEST(Grid, GoesOnWhereItStopped) {
  const SweepSpec sweep = two_by_three();
  const std::vector<Cell> cells = propose({sweep, 4}, 1);
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells[0].index, 4);
  EXPECT_EQ(propose({sweep, 4}, 100).size(), 2U);
  EXPECT_TRUE(propose({sweep, 6}, 100).empty());
}

TEST(Grid, WithoutAxesIsOneCell) {
  const SweepSpec sweep;
  EXPECT_EQ(proposals_in_all(sweep), 1);
  EXPECT_EQ(propose({sweep, 0}, 100).size(), 1U);
}

TEST(Grid, CountsMoreCellsThanFitAsTheLargestNumber) {
  SweepSpec sweep;
  const ParameterAxis axis{"a", "training.steps", std::vector<ParameterValue>(1000, std::int64_t{1})};
  sweep.parameters.assign(7, axis);
  EXPECT_EQ(proposals_in_all(sweep), std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace melsweep::search

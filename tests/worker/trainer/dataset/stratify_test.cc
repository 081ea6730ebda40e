#include "worker/trainer/dataset/stratify.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>

namespace melsweep::dataset {
namespace {

std::vector<Unit> singles(int count, std::size_t classes, std::size_t class_index,
                          const std::string& prefix) {
  std::vector<Unit> units;
  for (int i = 0; i < count; ++i) {
    Unit unit{.name = prefix + std::to_string(i), .per_class = std::vector<std::int64_t>(classes, 0)};
    unit.per_class[class_index] = 1;
    units.push_back(unit);
  }
  return units;
}

std::array<std::int64_t, 3> clips_by_split(const std::vector<Unit>& units, const std::vector<Split>& splits,
                                           std::size_t class_index) {
  std::array<std::int64_t, 3> counts{};
  for (std::size_t i = 0; i < units.size(); ++i) {
    counts[static_cast<std::size_t>(splits[i])] += units[i].per_class[class_index];
  }
  return counts;
}

TEST(Stratify, DividesSingleClipsExactly) {
  const std::vector<Unit> units = singles(100, 1, 0, "clip");
  const auto counts = clips_by_split(units, stratify(units, {.validation = 0.2, .test = 0.1}, 7), 0);
  EXPECT_EQ(counts, (std::array<std::int64_t, 3>{70, 20, 10}));
}

TEST(Stratify, GivesEachSplitAUnitOfARareClass) {
  std::vector<Unit> units = singles(60, 2, 0, "common");
  for (const Unit& unit : singles(3, 2, 1, "rare")) units.push_back(unit);
  const auto counts = clips_by_split(units, stratify(units, {.validation = 0.1, .test = 0.1}, 3), 1);
  EXPECT_EQ(counts, (std::array<std::int64_t, 3>{1, 1, 1}));
}

TEST(Stratify, ServesTrainingFirst) {
  const std::vector<Unit> units = singles(1, 1, 0, "only");
  EXPECT_EQ(stratify(units, {.validation = 0.6, .test = 0.2}, 0), std::vector<Split>{Split::kTrain});
}

TEST(Stratify, UsesNoTestSplitWhereNoneIsAskedFor) {
  const std::vector<Unit> units = singles(10, 1, 0, "clip");
  const auto counts = clips_by_split(units, stratify(units, {.validation = 0.3, .test = 0.0}, 1), 0);
  EXPECT_EQ(counts, (std::array<std::int64_t, 3>{7, 3, 0}));
}

TEST(Stratify, DrawsAnotherLotForAnotherSeed) {
  const std::vector<Unit> units = singles(50, 1, 0, "clip");
  const Fractions fractions{.validation = 0.5, .test = 0.0};
  EXPECT_NE(stratify(units, fractions, 1), stratify(units, fractions, 2));
}

// The drawn lots are part of what a sweep's result depends on: they may never change.
TEST(Stratify, KeepsItsLotsForever) {
  const std::vector<Unit> units = singles(8, 1, 0, "clip");
  std::string text;
  for (const Split split : stratify(units, {.validation = 0.25, .test = 0.25}, 42))
    text += "TVE"[static_cast<int>(split)];
  EXPECT_EQ(text, "VTTTEVET");
}

TEST(Stratify, DoesNotDependOnTheOrderAndStaysCloseToTheFractions) {
  EXPECT_TRUE(rc::check([] {
    const auto classes = *rc::gen::inRange<std::size_t>(1, 5);
    const auto groups = *rc::gen::inRange(20, 80);
    std::vector<Unit> units;
    std::int64_t largest = 0;
    for (int i = 0; i < groups; ++i) {
      Unit unit{.name = std::to_string(i), .per_class = std::vector<std::int64_t>(classes, 0)};
      const auto size = *rc::gen::inRange<std::int64_t>(1, 6);
      unit.per_class[*rc::gen::inRange<std::size_t>(0, classes)] = size;
      largest = std::max(largest, size);
      units.push_back(unit);
    }
    const Fractions fractions{.validation = 0.2, .test = 0.1};
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const std::vector<Split> splits = stratify(units, fractions, seed);
    for (std::size_t c = 0; c < classes; ++c) {
      const auto counts = clips_by_split(units, splits, c);
      const auto total = static_cast<double>(counts[0] + counts[1] + counts[2]);
      // A class is off by less than two of its largest groups: one for rounding, one so that no split is
      // without it.
      RC_ASSERT(std::abs(static_cast<double>(counts[1]) - 0.2 * total) < 2.0 * static_cast<double>(largest));
      RC_ASSERT(std::abs(static_cast<double>(counts[2]) - 0.1 * total) < 2.0 * static_cast<double>(largest));
      RC_ASSERT(total == 0.0 || counts[0] > 0);
    }
    std::vector<Unit> reversed(units.rbegin(), units.rend());
    std::vector<Split> again = stratify(reversed, fractions, seed);
    std::reverse(again.begin(), again.end());
    RC_ASSERT(again == splits);
  }));
}

}  // namespace
}  // namespace melsweep::dataset

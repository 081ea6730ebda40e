#include "shared/spec/names.h"

#include <gtest/gtest.h>

#include <set>

namespace melsweep::spec {
namespace {

template <class E>
class NamesTest : public testing::Test {};

using Enums = testing::Types<DatasetFormat, SplitBy, BadClipPolicy, Split, Representation, Decibels,
                             ImageColors, Channel, Architecture, TrainableKind, Precision, Optimizer,
                             Augmentation, SearchMethod, NoiseColor, ClassWeights, Sampling, Goal, TrainOn,
                             SweepState, TrialState, AttemptState, FailureKind>;
TYPED_TEST_SUITE(NamesTest, Enums);

TYPED_TEST(NamesTest, EveryNameIsItsOwnAndReadsBack) {
  std::set<std::string_view> seen;
  int expected = 0;
  for (const Named<TypeParam>& named : Names<TypeParam>::kAll) {
    EXPECT_EQ(static_cast<int>(named.value), expected++)
        << named.name << " stands out of the order of declaration";
    EXPECT_TRUE(seen.insert(named.name).second) << named.name;
    EXPECT_EQ(name_of(named.value), named.name);
    EXPECT_EQ(parse_name<TypeParam>(named.name), named.value);
  }
  EXPECT_EQ(name_of(static_cast<TypeParam>(expected)), "");
  EXPECT_FALSE(parse_name<TypeParam>("no such name").has_value());
}

TEST(Names, AreThoseOfTheDatabase) {
  EXPECT_EQ(name_of(AttemptState::kReleased), "released");
  EXPECT_EQ(name_of(FailureKind::kOutOfMemory), "out_of_memory");
}

}  // namespace
}  // namespace melsweep::spec

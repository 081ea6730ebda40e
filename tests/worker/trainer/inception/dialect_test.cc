#include "worker/trainer/inception/dialect.h"

#include <gtest/gtest.h>

namespace melsweep::inception {
namespace {

TEST(DialectTest, IsTorchvisionsWhereNothingIsSaid) {
  EXPECT_EQ(dialect_of({}).value(), (Dialect{PoolPadding::kCounted, InputRange::kMinusOneToOne}));
}

TEST(DialectTest, SurvivesItsMetadata) {
  for (const PoolPadding padding : {PoolPadding::kCounted, PoolPadding::kNotCounted}) {
    for (const InputRange range : {InputRange::kZeroToOne, InputRange::kMinusOneToOne}) {
      EXPECT_EQ(dialect_of(dialect_metadata({padding, range})).value(), (Dialect{padding, range}));
    }
  }
}

TEST(DialectTest, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(dialect_of({{kDialectKey, "Keras"}}).ok());
  EXPECT_FALSE(dialect_of({{kInputRangeKey, "[0,255]"}}).ok());
  EXPECT_FALSE(dialect_of({{kDialectKey, "keras"}}).ok()) << "Keras-born weights come with either range";
}

}  // namespace
}  // namespace melsweep::inception

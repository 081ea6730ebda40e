#include "shared/time/stopwatch.h"

#include <gtest/gtest.h>

namespace melsweep {
namespace {

TEST(Stopwatch, NeverRunsBackwards) {
  const Stopwatch watch;
  auto before = watch.elapsed();
  EXPECT_GE(before.count(), 0);
  for (int i = 0; i < 1000; ++i) {
    const auto after = watch.elapsed();
    EXPECT_GE(after, before);
    before = after;
  }
  // A thousand looks take more than a nanosecond each; a millisecond's clock would often show none.
  EXPECT_GT(before.count(), 0);
}

}  // namespace
}  // namespace melsweep

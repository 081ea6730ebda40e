#include "coordinator/core/back_off.h"

#include <gtest/gtest.h>

#include <set>

namespace melsweep::core {
namespace {

using std::chrono::milliseconds;

TEST(BackOff, DoublesWithEveryFailureUpToTheMaximum) {
  Options options;
  options.retry_delay = milliseconds(1000);
  options.max_retry_delay = milliseconds(5000);
  const milliseconds bounds[] = {milliseconds(1000), milliseconds(2000), milliseconds(4000),
                                 milliseconds(5000)};
  for (int failures = 1; failures <= 4; ++failures) {
    const milliseconds delay = back_off(options, failures, 7);
    EXPECT_LE(delay, bounds[failures - 1]);
    EXPECT_GE(delay, bounds[failures - 1] / 2);
  }
  EXPECT_LE(back_off(options, 1'000'000, 7), milliseconds(5000));
}

TEST(BackOff, IsTheSameForTheSameArguments) {
  EXPECT_EQ(back_off({}, 2, 41), back_off({}, 2, 41));
}

TEST(BackOff, SpreadsWorkThatFailedTogether) {
  std::set<milliseconds> delays;
  for (std::uint64_t salt = 0; salt < 100; ++salt) delays.insert(back_off({}, 1, salt));
  EXPECT_GT(delays.size(), 60U);
}

TEST(BackOff, ZeroDelaysAreAllowed) {
  Options options;
  options.retry_delay = milliseconds(0);
  EXPECT_EQ(back_off(options, 3, 1), milliseconds(0));
}

}  // namespace
}  // namespace melsweep::core

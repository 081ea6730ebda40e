#include "worker/trainer/features/cache_timing.h"

#include <gtest/gtest.h>

namespace melsweep::features {
namespace {

TEST(CacheTiming, WaitsForNothingOnceStopped) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(CacheTiming::real().wait_to_retry(stop.get_token()));
}

}  // namespace
}  // namespace melsweep::features

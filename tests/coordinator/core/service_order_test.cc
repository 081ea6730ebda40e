#include "coordinator/core/service_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace melsweep::core {
namespace {

std::vector<std::int64_t> in_order(std::vector<Claim> claims) {
  std::sort(claims.begin(), claims.end(), goes_before);
  std::vector<std::int64_t> sweeps;
  for (const Claim& claim : claims) sweeps.push_back(claim.sweep.value);
  return sweeps;
}

using Order = std::vector<std::int64_t>;

TEST(GoesBefore, WhatIsServedFirstAndThenLooksAtData) {
  EXPECT_EQ(in_order({{.sweep = {1}, .priority = 9},
                      {.sweep = {2}, .is_first = true, .priority = -9, .workers = 7},
                      {.sweep = {3}, .looks_at_data = true, .workers = 5},
                      {.sweep = {4}, .looks_at_data = true, .is_first = true}}),
            (Order{4, 2, 3, 1}));
}

TEST(GoesBefore, ThenTheHigherPriority) {
  EXPECT_EQ(
      in_order({{.sweep = {1}}, {.sweep = {2}, .priority = -3}, {.sweep = {3}, .priority = 2, .workers = 4}}),
      (Order{3, 1, 2}));
}

TEST(GoesBefore, ThenWhoeverHasFewestWorkersAndThenTheOlder) {
  EXPECT_EQ(
      in_order({{.sweep = {1}, .workers = 2}, {.sweep = {3}, .workers = 1}, {.sweep = {2}, .workers = 1}}),
      (Order{2, 3, 1}));
}

}  // namespace
}  // namespace melsweep::core

#include "client/output/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::output {
namespace {

results::SweepSummary warning_of(std::int64_t id, std::vector<std::string> warnings) {
  results::SweepSummary sweep;
  sweep.id = SweepId{id};
  sweep.warnings = std::move(warnings);
  return sweep;
}

TEST(WarningsTest, WhatSeveralSweepsWarnOfIsSaidOnce) {
  EXPECT_THAT(warning_lines({warning_of(3, {"leakage", "leakage"}), warning_of(2, {"too short"}),
                             warning_of(1, {"too short", "leakage"})}),
              testing::ElementsAre("warning: sweeps 3, 1: leakage", "warning: sweeps 2, 1: too short"));
  EXPECT_THAT(warning_lines({warning_of(5, {"a\x1b[31m"})}),
              testing::ElementsAre(testing::Not(testing::HasSubstr("\x1b"))));
  EXPECT_THAT(warning_lines({warning_of(5, {})}), testing::IsEmpty());
}

}  // namespace
}  // namespace melsweep::output

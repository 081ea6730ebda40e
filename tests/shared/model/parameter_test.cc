#include <gtest/gtest.h>

#include <cstdlib>

#include "shared/model/sweep.h"

namespace melsweep {
namespace {

TEST(ParameterText, ShowsEachKindOfValue) {
  EXPECT_EQ(to_text(std::int64_t{200}), "200");
  EXPECT_EQ(to_text(0.05), "0.05");
  EXPECT_EQ(to_text(true), "true");
  EXPECT_EQ(to_text(std::string("mel")), "mel");
}

TEST(ParameterText, OfANumberReadsBackAsTheSameNumber) {
  for (const double number : {1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.1, 1e22}) {
    EXPECT_EQ(std::strtod(to_text(number).c_str(), nullptr), number);
  }
}

}  // namespace
}  // namespace melsweep

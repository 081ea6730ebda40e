#include "shared/wire/page_token.h"

#include <gtest/gtest.h>

#include <limits>

namespace melsweep::wire {
namespace {

TEST(PageToken, ComesBackAsThePlace) {
  for (const std::int64_t after :
       {std::int64_t{0}, std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(decode_page_token(page_token(after)).value(), after);
  }
}

TEST(PageToken, OfTheFirstPageIsEmpty) {
  EXPECT_EQ(page_token(0), "");
}

TEST(PageToken, ThatNobodyGaveIsRefused) {
  for (const char* token : {"0", "-1", "x", "1 1", "99999999999999999999"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(decode_page_token(token).status())) << token;
  }
}

}  // namespace
}  // namespace melsweep::wire

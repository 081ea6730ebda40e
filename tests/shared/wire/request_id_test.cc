#include "shared/wire/request_id.h"

#include <gtest/gtest.h>

#include <set>

namespace melsweep::wire {
namespace {

TEST(RequestId, IsThirtyTwoHexDigits) {
  const RequestId id = make_request_id();
  EXPECT_EQ(id.value.size(), 32u);
  EXPECT_EQ(id.value.find_first_not_of("0123456789abcdef"), std::string::npos) << id.value;
}

TEST(RequestId, IsNeverTheSame) {
  std::set<RequestId> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(make_request_id());
  EXPECT_EQ(ids.size(), 1000u);
}

}  // namespace
}  // namespace melsweep::wire

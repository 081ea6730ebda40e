#include "shared/artifacts/content.h"

#include <gtest/gtest.h>

#include "tests/shared/artifacts/artifact_root.h"

namespace melsweep::artifacts {
namespace {

TEST(ContentCheck, IsContentWithWhatWasExpected) {
  ContentCheck check(content_of("hello world"));
  EXPECT_TRUE(check.add(bytes_of("hello ")).ok());
  EXPECT_TRUE(check.add(bytes_of("world")).ok());
  EXPECT_TRUE(check.finish().ok());
  EXPECT_TRUE(ContentCheck(content_of("")).finish().ok());
}

TEST(ContentCheck, FindsOtherBytes) {
  ContentCheck check(content_of("hello"));
  EXPECT_TRUE(check.add(bytes_of("hallo")).ok());
  EXPECT_TRUE(absl::IsDataLoss(check.finish()));
}

TEST(ContentCheck, FindsTooFewAndTooManyBytes) {
  ContentCheck shorter(content_of("hello"));
  EXPECT_TRUE(shorter.add(bytes_of("hell")).ok());
  EXPECT_TRUE(absl::IsDataLoss(shorter.finish()));
  ContentCheck longer(content_of("hello"));
  EXPECT_TRUE(absl::IsDataLoss(longer.add(bytes_of("hello!")))) << "at once";
}

TEST(IsSha256, IsSixtyFourLowerCaseDigits) {
  const std::string digest = files::sha256("x");
  EXPECT_TRUE(is_sha256(digest));
  EXPECT_FALSE(is_sha256(digest.substr(1)));
  EXPECT_FALSE(is_sha256(digest + "0"));
  EXPECT_FALSE(is_sha256("G" + digest.substr(1)));
  EXPECT_FALSE(is_sha256("A" + digest.substr(1)));
  EXPECT_FALSE(is_sha256(""));
}

}  // namespace
}  // namespace melsweep::artifacts

#include "worker/trainer/dataset/names.h"

#include <gtest/gtest.h>

namespace melsweep::dataset {
namespace {

TEST(Names, AcceptsWellFormedUtf8Only) {
  for (const std::string good : {"plain", "caf\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x90\x95"}) {
    EXPECT_EQ(first_unprintable(good), good.size()) << good;
  }
  // A lone continuation, a cut sequence, overlong forms, a surrogate, beyond U+10FFFF, a control character.
  for (const std::string bad :
       {"x\x80", "x\xC3", "x\xC0\xAF", "x\xE0\x80\xAF", "x\xED\xA0\x80", "x\xF4\x90\x80\x80", "x\x01"}) {
    EXPECT_EQ(first_unprintable(bad), 1U) << printable(bad);
  }
}

TEST(Names, WritesWhatCannotBePrintedAsHex) {
  EXPECT_EQ(printable("a\xFF"), "a\\xff");
}

TEST(Names, RefusesEmptyAndPaddedNames) {
  EXPECT_TRUE(check_name("the class", "dog bark", "t:1").ok());
  EXPECT_FALSE(check_name("the class", "", "t:1").ok());
  EXPECT_EQ(check_name("the class", "dog ", "t:1").message(),
            "t:1: the class 'dog ' begins or ends with a blank; take it away");
}

TEST(Names, ShortensPaths) {
  EXPECT_EQ(clip_id("a/./b//c/../d.wav", "t:1").value(), "a/b/d.wav");
}

TEST(Names, RefusesPathsThatLeaveTheFolder) {
  for (const char* path : {"../x.wav", "a/../../x.wav", "/etc/passwd", "..", ".", "a/"}) {
    EXPECT_FALSE(clip_id(path, "t:1").ok()) << path;
  }
}

}  // namespace
}  // namespace melsweep::dataset

#include "client/output/code_points.h"

#include <gtest/gtest.h>

namespace melsweep::output {
namespace {

void expect_first(std::string_view text, char32_t value, std::size_t bytes) {
  const CodePoint first = first_code_point(text);
  EXPECT_EQ(first.value, value) << text;
  EXPECT_EQ(first.bytes, bytes) << text;
}

TEST(CodePointsTest, ReadsSequencesOfEveryLength) {
  expect_first("a", U'a', 1);
  expect_first("ö", U'ö', 2);
  expect_first("鳥", U'鳥', 3);
  expect_first("🐦", U'🐦', 4);
}

TEST(CodePointsTest, WhatIsNoUtf8TakesOneByte) {
  expect_first("\x80", 0xfffd, 1);          // a continuation without a beginning
  expect_first("\xe9\xb3", 0xfffd, 1);      // cut off
  expect_first("\xc3(", 0xfffd, 1);         // a beginning without a continuation
  expect_first("\xc0\xaf", 0xfffd, 1);      // '/' written too long
  expect_first("\xe0\x80\xaf", 0xfffd, 1);  // the same in three
  expect_first("\xed\xa0\x80", 0xfffd, 1);  // a surrogate
  expect_first("\xf5\x80\x80\x80", 0xfffd, 1);
}

TEST(CodePointsTest, MarksTakeNoColumnAndWideCharactersTwo) {
  EXPECT_EQ(columns_of(U'a'), 1U);
  EXPECT_EQ(columns_of(U'ö'), 1U);
  EXPECT_EQ(columns_of(0x0308), 0U);  // combining diaeresis
  EXPECT_EQ(columns_of(U'鳥'), 2U);
  EXPECT_EQ(columns_of(U'한'), 2U);
  EXPECT_EQ(columns_of(U'🐦'), 2U);
}

}  // namespace
}  // namespace melsweep::output

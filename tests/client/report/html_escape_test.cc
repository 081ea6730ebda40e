#include "client/report/html_escape.h"

#include <gtest/gtest.h>

namespace melsweep::report {
namespace {

TEST(HtmlEscapeTest, MarkupAndQuotesBecomeEntities) {
  EXPECT_EQ(escape_html(R"(<img src="x" onerror='a&b'>)"),
            "&lt;img src=&quot;x&quot; onerror=&#39;a&amp;b&#39;&gt;");
}

TEST(HtmlEscapeTest, OrdinaryTextOfAnyLanguageStays) {
  const std::string text =
      "caf\xC3\xA9 \xE7\x8A\xAC \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xF0\x9F\x90\x95 a\tb\nc";
  EXPECT_EQ(escape_html(text), text);
}

TEST(HtmlEscapeTest, ControlCharactersAndBytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(escape_html(std::string("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(escape_html("\x1B[31m\r\x7F"), "\xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(escape_html("\xC2\x9B"), "\xEF\xBF\xBD");  // U+009B, a C1 control
  EXPECT_EQ(escape_html("a\xFF\xC0\xAF"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(escape_html("\xEF\xBF\xBF"), "\xEF\xBF\xBD");  // U+FFFF
}

TEST(HtmlEscapeTest, TextIsNotTurnedAround) {
  EXPECT_EQ(escape_html("a\xE2\x80\xAE"
                        "b"),
            "a\xEF\xBF\xBD"
            "b");  // U+202E
}

TEST(HtmlEscapeTest, TenKilobytesAreTakenWhole) {
  EXPECT_EQ(escape_html(std::string(10'240, '<')).size(), 4 * 10'240);
}

}  // namespace
}  // namespace melsweep::report

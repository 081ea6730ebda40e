#include "shared/spec/source_text.h"

#include <gtest/gtest.h>

namespace melsweep::spec {
namespace {

TEST(SourceText, CountsCharactersNotBytes) {
  const SourceText text("a: é\nüß😀: x", 0);
  EXPECT_EQ(text.place_at(0), (Place{0, 1, 1}));
  EXPECT_EQ(text.place_at(6), (Place{0, 2, 1}));   // ü
  EXPECT_EQ(text.place_at(14), (Place{0, 2, 4}));  // the colon, after ü (2 bytes), ß (2) and the face (4)
  EXPECT_EQ(text.place_at(1000), (Place{0, 2, 7}));
}

TEST(SourceText, FindsTheQuoteThatNothingCloses) {
  EXPECT_EQ(SourceText("&a 'it''s", 0).unclosed_quote(0), 3U);
  EXPECT_EQ(SourceText("\"a\\\"", 0).unclosed_quote(0), 0U);
  EXPECT_EQ(SourceText("'it''s'", 0).unclosed_quote(0), std::nullopt);
  EXPECT_EQ(SourceText("\"a\\\\\"", 0).unclosed_quote(0), std::nullopt);
  EXPECT_EQ(SourceText("it's", 0).unclosed_quote(0), std::nullopt);
}

TEST(SourceText, FindsTheColonOfAKey) {
  EXPECT_EQ(SourceText("'a: b': c", 0).behind_colon(0), 7U);
  EXPECT_EQ(SourceText("a:b: c", 0).behind_colon(0), 4U);
  EXPECT_EQ(SourceText("{a, b: c}", 0).behind_colon(5), 6U);
  EXPECT_EQ(SourceText("a\n: b", 0).behind_colon(0), 0U);
}

TEST(SourceText, FindsTheDashThroughCommentsAndBlankLines) {
  EXPECT_EQ(SourceText("  - # one - two\n\n # - three\n  - 2", 0).dash_before(30), 2U);
  EXPECT_EQ(SourceText("- - \n", 0).dash_before(5), 2U);
  EXPECT_EQ(SourceText("a", 0).dash_before(1), 1U);
}

}  // namespace
}  // namespace melsweep::spec

#include "worker/agent/last_words.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::agent {
namespace {

TEST(LastWords, KeepsTheLastLinesInOrder) {
  LastWords words;
  for (int i = 1; i <= 25; ++i) words.add("line " + std::to_string(i));
  const std::string text = words.text();
  EXPECT_EQ(text.rfind("line 6\nline 7\n", 0), 0u) << text;
  EXPECT_NE(text.find("\nline 25"), std::string::npos);
}

TEST(LastWords, CutsLongLines) {
  LastWords words;
  words.add(std::string(100'000, 'x'));
  EXPECT_EQ(words.text().size(), LastWords::kLineBytes);
}

TEST(ValidUtf8, KeepsWhatIsValidAndReplacesWhatIsNot) {
  EXPECT_EQ(valid_utf8("Größe \"1\"\n"), "Größe \"1\"\n");
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a\xef\xbf\xbd"
            "b");
}

}  // namespace
}  // namespace melsweep::agent

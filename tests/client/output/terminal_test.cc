#include "client/output/terminal.h"

#include <gtest/gtest.h>

namespace melsweep::output {
namespace {

TEST(TerminalTest, ControlsOfBothKindsAndBrokenBytesAreReplaced) {
  EXPECT_EQ(printable("a\x1b[2J\x7f"), "a?[2J?");
  EXPECT_EQ(printable("b\xc2\x9b"
                      "2J"),
            "b?2J");  // U+009B is the one-character form of ESC [
  EXPECT_EQ(printable("c\x9b"
                      "2J"),
            "c?2J");
  EXPECT_EQ(printable("größe 鳥 \xc2\xa0"), "größe 鳥 \xc2\xa0");
}

TEST(TerminalTest, TextIsCutBetweenCodePoints) {
  EXPECT_EQ(cut_to_width("größe", 3), "grö");
  EXPECT_EQ(cut_to_width("鳥の声", 5), "鳥の");
  EXPECT_EQ(cut_to_width("short", 80), "short");
  EXPECT_EQ(cut_to_width("o\xcc\x88x", 1), "o\xcc\x88");  // the mark stays with its letter
}

}  // namespace
}  // namespace melsweep::output

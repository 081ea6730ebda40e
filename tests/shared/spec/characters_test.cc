#include "shared/spec/characters.h"

#include <gtest/gtest.h>

namespace melsweep::spec {
namespace {

TEST(Characters, NamesControlCharactersOfEveryRange) {
  EXPECT_EQ(control_character_at(std::string_view("\0", 1), 0), 0);
  EXPECT_EQ(control_character_at("\x1b", 0), 27);
  EXPECT_EQ(control_character_at("\x7f", 0), 127);
  EXPECT_EQ(control_character_at("\xC2\x80", 0), 128);
  EXPECT_EQ(control_character_at("\xC2\x9F", 0), 159);
  EXPECT_EQ(control_character_at("\xC2\xA0", 0), std::nullopt);
  EXPECT_EQ(control_character_at(" ", 0), std::nullopt);
}

TEST(Characters, TakesContinuationBytesForNoControlCharacters) {
  EXPECT_EQ(refuse_control_characters("é😀Ü\xE2\x82\x82"), "");
}

}  // namespace
}  // namespace melsweep::spec

// UTF-8 as a terminal takes it: one code point after the other, each so many columns wide.
#pragma once

#include <cstddef>
#include <string_view>

namespace melsweep::output {

struct CodePoint {
  char32_t value = 0xfffd;  // U+FFFD where the bytes are no UTF-8
  std::size_t bytes = 1;    // how many it takes; 1 where they are no UTF-8
};

// The first code point of `text`, which is not empty.
CodePoint first_code_point(std::string_view text);

// Columns on a terminal: 0 for combining marks, 2 for East Asian wide characters and emoji, else 1. The
// ranges are those of Unicode's EastAsianWidth (W and F) and of its combining blocks, as in M. Kuhn's
// wcwidth.c.
std::size_t columns_of(char32_t value);

// The C0 and C1 controls and DEL.
bool is_control(char32_t value);

}  // namespace melsweep::output

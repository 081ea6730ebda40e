// What the standard streams are, and text that is safe to put on them.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace melsweep::output {

// True for a terminal that can redraw lines: not a pipe or a file, and TERM is not "dumb".
bool is_terminal(std::FILE* stream);

// Colour on this stream: a terminal, and NO_COLOR is unset or empty.
bool wants_color(std::FILE* stream);

// Columns of the terminal; 80 where it cannot be known.
int terminal_width(std::FILE* stream);

// The text with control characters replaced by '?', so that names out of files cannot steer the terminal.
// Bytes of UTF-8 sequences stay.
std::string printable(std::string_view text);

// The number of columns that UTF-8 text takes, counting one for each code point.
std::size_t display_width(std::string_view text);

}  // namespace melsweep::output

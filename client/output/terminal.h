// What the standard streams are, and text that is safe to put on them.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace melsweep::output {

// True for a terminal that can redraw lines: not a pipe or a file, and TERM is not "dumb".
bool is_terminal(std::FILE* stream);

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

// 80 x 24 where it cannot be known.
TerminalSize terminal_size(std::FILE* stream);

// The text with control characters (C0, C1, DEL) and bytes that are no UTF-8 replaced by '?', so that names
// out of files cannot steer the terminal.
std::string printable(std::string_view text);

// The columns that UTF-8 text takes (code_points.h).
std::size_t display_width(std::string_view text);

// As much of the text's beginning as fits into so many columns, cut between code points.
std::string cut_to_width(std::string_view text, std::size_t columns);

}  // namespace melsweep::output

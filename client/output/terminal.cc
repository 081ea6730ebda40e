#include "client/output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "client/output/code_points.h"

namespace melsweep::output {

bool is_terminal(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  return ::isatty(::fileno(stream)) == 1 && (term == nullptr || std::string_view(term) != "dumb");
}

TerminalSize terminal_size(std::FILE* stream) {
  TerminalSize size;
  winsize known{};
  if (::ioctl(::fileno(stream), TIOCGWINSZ, &known) != 0) return size;
  if (known.ws_col > 0) size.columns = known.ws_col;
  if (known.ws_row > 0) size.rows = known.ws_row;
  return size;
}

std::string printable(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    const bool is_broken = next.bytes == 1 && next.value >= 0x80;
    if (is_broken || is_control(next.value)) {
      safe += '?';
    } else {
      safe += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes);
  }
  return safe;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    width += columns_of(next.value);
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t columns) {
  std::size_t width = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const CodePoint next = first_code_point(text.substr(bytes));
    width += columns_of(next.value);
    if (width > columns) break;
    bytes += next.bytes;
  }
  return std::string(text.substr(0, bytes));
}

}  // namespace melsweep::output

#include "client/report/html_escape.h"

#include "client/output/code_points.h"

namespace melsweep::report {
namespace {

// U+202A to U+202E turn the text behind them around; isolates end where their paragraph does.
bool turns_text_around(char32_t value) {
  return value >= 0x202A && value <= 0x202E;
}

// U+FFFE, U+FFFF and their like in the other planes are no characters.
bool is_noncharacter(char32_t value) {
  return (value & 0xFFFE) == 0xFFFE || (value >= 0xFDD0 && value <= 0xFDEF);
}

std::string_view entity(char32_t value) {
  switch (value) {
    case U'&':
      return "&amp;";
    case U'<':
      return "&lt;";
    case U'>':
      return "&gt;";
    case U'"':
      return "&quot;";
    case U'\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string html;
  html.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const output::CodePoint point = output::first_code_point(text);
    const bool is_blank = point.value == U'\n' || point.value == U'\t';
    if (const std::string_view name = entity(point.value); !name.empty()) {
      html += name;
    } else if ((output::is_control(point.value) && !is_blank) || is_noncharacter(point.value) ||
               turns_text_around(point.value) || point.value == 0xFFFD) {
      html += "\xEF\xBF\xBD";
    } else {
      html += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return html;
}

}  // namespace melsweep::report

#include "shared/spec/characters.h"

#include "absl/strings/str_cat.h"

namespace melsweep::spec {
namespace {

// 0 beyond the end.
unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto continues = [&](std::size_t i) { return (byte_at(text, i) & 0xC0U) == 0x80U; };
  const unsigned first = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return continues(at + 1) && continues(at + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first < 0xF0 || first > 0xF4) return 0;
  const bool out_of_range = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return continues(at + 1) && continues(at + 2) && continues(at + 3) && !out_of_range ? 4 : 0;
}

std::optional<int> control_character_at(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  if (first < 0x20 || first == 0x7F) return static_cast<int>(first);
  const unsigned second = byte_at(text, at + 1);
  if (first == 0xC2 && second >= 0x80 && second < 0xA0) return static_cast<int>(second);
  return std::nullopt;
}

std::string refuse_control_characters(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::optional<int> control = control_character_at(text, at);
    if (control == '\n' || control == '\r') return "a line break in the text: write it on one line";
    if (control) return absl::StrCat("control character ", *control, " in the text: remove it");
  }
  return "";
}

}  // namespace melsweep::spec

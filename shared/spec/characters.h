// UTF-8, character by character.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace melsweep::spec {

// Bytes of the UTF-8 sequence at `at`, 0 where there is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t at);

// The control character at `at` (C0, DEL or C1) as its code point; std::nullopt for any other.
std::optional<int> control_character_at(std::string_view text, std::size_t at);

// What is wrong with the first control character of a value, line breaks and tabs among them: it would end up
// in terminals, file names and reports. Empty where there is none. `text` must be UTF-8.
std::string refuse_control_characters(std::string_view text);

}  // namespace melsweep::spec

// Text in HTML.
#pragma once

#include <string>
#include <string_view>

namespace melsweep::report {

// The text as HTML's text and in its attributes' double quotes: markup and quotes as entities; control
// characters, but for tab and newline, those that turn the direction of text around, and bytes that are no
// UTF-8 as U+FFFD.
std::string escape_html(std::string_view text);

}  // namespace melsweep::report

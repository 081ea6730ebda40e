// What an unquoted word of YAML is: the core schema of YAML 1.2 (section 10.3.2), so "yes" and "1_000" are
// text.
#pragma once

#include <string>
#include <string_view>

#include "shared/spec/tree.h"

namespace melsweep::spec {

// Fills the kind and value of `node` from an unquoted scalar's text: kUnreadable for a number that is not
// finite or too large for 64 bits.
void resolve_scalar(std::string_view text, Node& node);

// Whether unquoted `text` would be read as something else than this text.
bool needs_quotes(std::string_view text);

}  // namespace melsweep::spec

// Values inside JavaScript modules, read as text: enough for the weights that npm packages carry, without a
// JavaScript engine.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::inception {

// The literal that starts at `begin`: JSON, and beyond it what minifiers write: bare keys, either quote,
// numbers like -.5 and 1e-3, !0, !1, void 0, trailing commas. InvalidArgument, with the offset, for anything
// else (calls, operators, templates) and for more than 64 levels.
absl::StatusOr<nlohmann::json> parse_js_literal(std::string_view text, std::size_t begin);

// The object literal that has `key` as its first key at its first level: "{key:" or "{"key":", wherever it
// stands.
absl::StatusOr<nlohmann::json> find_js_object(std::string_view text, const std::string& key);

// The longest string of base64 digits between quotes, decoded. InvalidArgument where there is none.
absl::StatusOr<std::string> find_base64(std::string_view text);

}  // namespace melsweep::inception

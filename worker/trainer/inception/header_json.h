// The JSON header of a safetensors file, which may hold anything, and what of it can be shown to people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace melsweep::inception {

// An object. InvalidArgument for what nlohmann lets pass too: repeated keys (the last one would win) and deep
// nesting, which is refused before anything is allocated for it.
absl::StatusOr<nlohmann::json> parse_header(std::string_view text);

// The text's first 200 bytes between quotes, valid UTF-8 without control characters whatever it holds.
std::string in_quotes(std::string_view text);

// A text that is short and fit to be shown as it is, any other in_quotes().
std::string shortened(std::string_view text);

}  // namespace melsweep::inception

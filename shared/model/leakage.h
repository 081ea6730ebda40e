// How a warning begins that says of clips on both sides of a split that they are of one sound.
#pragma once

#include <string_view>

namespace melsweep {

inline constexpr std::string_view kLeakageWarning = "leakage: ";

}  // namespace melsweep

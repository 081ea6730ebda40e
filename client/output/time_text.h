// Moments and durations as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace melsweep::output {

// "0.4 s", "42 s", "3 min 05 s", "2 h 07 min", "3 d 04 h".
std::string duration_text(std::int64_t milliseconds);

// "2026-01-31T12:00:00Z"; empty for 0.
std::string moment_text(std::int64_t unix_ms);

}  // namespace melsweep::output

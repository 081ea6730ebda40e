// What a trainer is doing now: shown to people, never stored.
#pragma once

#include <cstdint>
#include <string>

namespace melsweep {

struct Progress {
  std::string stage;  // "reading data", "spectrograms", "bottlenecks", "training", "evaluating"
  std::int64_t done = 0;
  std::int64_t total = 0;  // 0 = unknown
  friend bool operator==(const Progress&, const Progress&) = default;
};

}  // namespace melsweep

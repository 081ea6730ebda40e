#include "coordinator/core/back_off.h"

#include <algorithm>

namespace melsweep::core {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014): one well mixed number from one number.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

std::chrono::milliseconds back_off(const Options& options, int failures, std::uint64_t salt) {
  std::chrono::milliseconds delay = options.retry_delay;
  for (int i = 1; i < failures && delay < options.max_retry_delay; ++i) delay *= 2;
  delay = std::min(delay, options.max_retry_delay);
  const auto half = static_cast<std::uint64_t>(delay.count() / 2);
  const std::uint64_t random =
      mixed(mixed(options.jitter_seed ^ salt) + static_cast<std::uint64_t>(failures));
  return delay - std::chrono::milliseconds(static_cast<std::int64_t>(random % (half + 1)));
}

}  // namespace melsweep::core

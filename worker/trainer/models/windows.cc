#include "worker/trainer/models/windows.h"

#include <algorithm>
#include <cmath>

namespace melsweep::models {
namespace {

// At least one, so that windows get on.
std::size_t samples_in(double seconds, int sample_rate) {
  const double samples = std::round(seconds * sample_rate);
  // More than any sound has, and less than a cast can take.
  constexpr double kMost = 1e15;
  return static_cast<std::size_t>(std::clamp(samples, 1.0, kMost));
}

}  // namespace

std::vector<Window> windows_of(std::size_t samples, int sample_rate, const WindowOptions& options) {
  if (options.window_s <= 0.0) return {{.begin = 0, .end = samples}};
  const std::size_t length = samples_in(options.window_s, sample_rate);
  if (samples <= length) return {{.begin = 0, .end = samples}};
  const std::size_t hop = samples_in(options.hop_s > 0.0 ? options.hop_s : options.window_s, sample_rate);
  std::vector<Window> windows;
  for (std::size_t begin = 0; begin + length < samples; begin += hop) {
    windows.push_back({.begin = begin, .end = begin + length});
  }
  windows.push_back({.begin = samples - length, .end = samples});
  return windows;
}

}  // namespace melsweep::models

#include "worker/trainer/rendering/waveform.h"

#include <algorithm>

namespace melsweep::rendering {

std::vector<Peak> peaks(std::span<const float> samples, std::size_t count) {
  count = std::min(count, samples.size());
  std::vector<Peak> peaks;
  peaks.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * samples.size() / count;
    const std::size_t end = (i + 1) * samples.size() / count;
    const auto [min, max] = std::ranges::minmax(samples.subspan(begin, end - begin));
    peaks.push_back({.min = std::clamp(min, -1.0F, 1.0F), .max = std::clamp(max, -1.0F, 1.0F)});
  }
  return peaks;
}

}  // namespace melsweep::rendering

// The outline of a sound, for a vector drawing.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace melsweep::rendering {

// The smallest and largest sample of a stretch of time, in [-1, 1]; what exceeds full scale is cut there.
struct Peak {
  float min = 0.0F;
  float max = 0.0F;
};

// Equally long stretches, one after the other: at most `count`, one a sample where there are fewer samples.
std::vector<Peak> peaks(std::span<const float> samples, std::size_t count);

}  // namespace melsweep::rendering

// A pixel as the mean of the samples around it.
#pragma once

#include <cstddef>
#include <vector>

namespace melsweep::rendering {

// weights[i] of sample first + i; they sum to 1.
struct Blend {
  std::size_t first = 0;
  std::vector<float> weights;
};

// Of the pixel that reaches from `begin` to `end`, in samples, sample i being a point at i; begin < end, and
// at least one sample. The weights are a triangle as wide on each side as the pixel, and at least a sample
// wide: linear interpolation where the pixels are smaller than the samples, a mean without aliasing where
// they are larger (the antialiased bilinear filter of image libraries). Beyond the ends the nearest sample
// counts.
Blend blend(double begin, double end, std::size_t samples);

}  // namespace melsweep::rendering

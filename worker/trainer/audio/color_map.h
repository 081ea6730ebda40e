// matplotlib's perceptual colour maps.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "shared/model/settings.h"

namespace melsweep::audio {

// Red, green, blue in [0, 1].
using Color = std::array<float, 3>;

inline constexpr std::size_t kColorMapSize = 256;

// The 256 entries of kMagma or kViridis, the darkest first; not for kGray, which needs none.
std::span<const Color> color_map(ImageColors colors);

// The entry for a value in [0, 1], picked as matplotlib picks it: the integer part of 256 times the value, 1
// being the last.
std::size_t color_index(float value);

}  // namespace melsweep::audio

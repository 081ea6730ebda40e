// Spectrogram to the picture that people see.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "worker/trainer/audio/color_map.h"
#include "worker/trainer/audio/picture.h"
#include "worker/trainer/rendering/frequency_axis.h"

namespace melsweep::rendering {

struct PictureSize {
  int width = 0;   // pixels
  int height = 0;  // pixels
};

// Half as many as magma has: steps of 0.6 dB that nobody sees, in files a quarter smaller.
inline constexpr std::size_t kPaletteSize = 128;

struct PalettePicture {
  PictureSize size;
  std::vector<std::uint8_t> pixels;  // [height, width], the upper row first: places in palette()
};

// Magma, from the darkest to the brightest.
std::array<audio::Color, kPaletteSize> palette();

// Which frames and decibels the picture shows.
struct PictureScales {
  FrequencyAxis frequency;
  double frames_per_s = 0.0;
  double duration_s = 0.0;  // the picture's width
  double min_db = 0.0;      // is drawn darkest; 0 dB brightest
};

// As wide as the sound lasts, low frequencies at the bottom. Each pixel is the mean (blend.h) of the decibels
// of the bands and frames that it covers. Needs at least one band and one frame.
PalettePicture draw_spectrogram(const audio::SpectrogramView& spectrogram, const PictureScales& scales,
                                const PictureSize& size);

}  // namespace melsweep::rendering

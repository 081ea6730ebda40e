// Spectrogram to the picture that the network sees.
#pragma once

#include <cstddef>
#include <span>

#include "shared/model/settings.h"

namespace melsweep::audio {

inline constexpr int kPictureSide = 299;  // pixels: Inception v3's input
inline constexpr int kPictureChannels = 3;
inline constexpr std::size_t kPictureValues = std::size_t{kPictureChannels} * kPictureSide * kPictureSide;

// Decibels as SpectrogramMaker::make() gives them, wherever they lie (in a Spectrogram or in a mapped file).
struct SpectrogramView {
  int bands = 0;
  int frames = 0;
  std::span<const float> values;  // [bands, frames]
};

// Writes [3, 299, 299] values in [0, 1]: [-top_db, 0] dB is mapped to [0, 1], resized bilinearly (half-pixel
// centres, no antialiasing, edges repeated: torch's interpolate with align_corners=false), low frequencies in
// the bottom row, time from left to right, then coloured (settings.image). Needs at least one band and one
// frame. Any thread.
void make_picture(const SpectrogramView& spectrogram, const FeatureSettings& settings, std::span<float> out);

}  // namespace melsweep::audio

#include "worker/trainer/rendering/spectrogram_picture.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "worker/trainer/rendering/blend.h"

namespace melsweep::rendering {
namespace {

// Each row of the spectrogram as wide as the picture: [bands, width].
std::vector<float> stretch_rows(const audio::SpectrogramView& spectrogram, const PictureScales& scales,
                                std::size_t width) {
  const auto bands = static_cast<std::size_t>(spectrogram.bands);
  const auto frames = static_cast<std::size_t>(spectrogram.frames);
  const double frames_per_pixel = scales.duration_s * scales.frames_per_s / static_cast<double>(width);
  std::vector<float> stretched(bands * width);
  for (std::size_t x = 0; x < width; ++x) {
    const double at = static_cast<double>(x);
    const Blend column = blend(at * frames_per_pixel, (at + 1.0) * frames_per_pixel, frames);
    for (std::size_t band = 0; band < bands; ++band) {
      const std::span<const float> row =
          spectrogram.values.subspan(band * frames + column.first, column.weights.size());
      float sum = 0.0F;
      for (std::size_t i = 0; i < row.size(); ++i) sum += column.weights[i] * row[i];
      stretched[band * width + x] = sum;
    }
  }
  return stretched;
}

std::uint8_t level(float decibels, double min_db) {
  const double brightness = std::clamp(1.0 - decibels / min_db, 0.0, 1.0);
  const auto level = static_cast<std::size_t>(brightness * static_cast<double>(kPaletteSize));
  return static_cast<std::uint8_t>(std::min(level, kPaletteSize - 1));
}

}  // namespace

std::array<audio::Color, kPaletteSize> palette() {
  const std::span<const audio::Color> magma = audio::color_map(ImageColors::kMagma);
  std::array<audio::Color, kPaletteSize> colors{};
  for (std::size_t i = 0; i < colors.size(); ++i) {
    colors[i] = magma[i * (magma.size() - 1) / (colors.size() - 1)];
  }
  return colors;
}

PalettePicture draw_spectrogram(const audio::SpectrogramView& spectrogram, const PictureScales& scales,
                                const PictureSize& size) {
  assert(spectrogram.bands > 0 && spectrogram.frames > 0 && size.width > 0 && size.height > 0);
  const auto width = static_cast<std::size_t>(size.width);
  const auto height = static_cast<std::size_t>(size.height);
  const std::vector<float> stretched = stretch_rows(spectrogram, scales, width);
  PalettePicture picture{.size = size, .pixels = std::vector<std::uint8_t>(width * height)};
  std::vector<float> row(width);
  for (std::size_t y = 0; y < height; ++y) {
    const double lower = static_cast<double>(height - 1 - y) / static_cast<double>(height);
    const double upper = static_cast<double>(height - y) / static_cast<double>(height);
    const Blend bands = blend(scales.frequency.band(lower), scales.frequency.band(upper),
                              static_cast<std::size_t>(spectrogram.bands));
    std::ranges::fill(row, 0.0F);
    for (std::size_t i = 0; i < bands.weights.size(); ++i) {
      const float* from = stretched.data() + (bands.first + i) * width;
      for (std::size_t x = 0; x < width; ++x) row[x] += bands.weights[i] * from[x];
    }
    std::ranges::transform(row, picture.pixels.begin() + static_cast<std::ptrdiff_t>(y * width),
                           [&](float decibels) { return level(decibels, scales.min_db); });
  }
  return picture;
}

}  // namespace melsweep::rendering

#include "worker/trainer/audio/picture.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "worker/trainer/audio/color_map.h"

namespace melsweep::audio {
namespace {

constexpr auto kSide = static_cast<std::size_t>(kPictureSide);
constexpr std::size_t kPixels = kSide * kSide;

// Between which two source positions a pixel lies, and how far it is from the first.
struct Tap {
  std::size_t first = 0;
  std::size_t second = 0;
  float fraction = 0.0F;
};

// Pixel centres lie at half-integers on both sides of the scaling.
std::array<Tap, kSide> taps(std::size_t source_size) {
  std::array<Tap, kSide> result;
  const float scale = static_cast<float>(source_size) / static_cast<float>(kSide);
  for (std::size_t i = 0; i < kSide; ++i) {
    const float position = std::max((static_cast<float>(i) + 0.5F) * scale - 0.5F, 0.0F);
    const std::size_t first = std::min(static_cast<std::size_t>(position), source_size - 1);
    result[i] = {.first = first,
                 .second = std::min(first + 1, source_size - 1),
                 .fraction = position - static_cast<float>(first)};
  }
  return result;
}

// One frequency row of the spectrogram as brightness in [0, 1], stretched to the picture's width.
void stretch_row(std::span<const float> decibels, const std::array<Tap, kSide>& columns, double top_db,
                 std::span<float> out) {
  const auto range = static_cast<float>(top_db);
  const auto brightness = [range](float value) { return std::clamp((value + range) / range, 0.0F, 1.0F); };
  for (std::size_t x = 0; x < kSide; ++x) {
    const Tap& tap = columns[x];
    const float left = brightness(decibels[tap.first]);
    const float right = brightness(decibels[tap.second]);
    out[x] = left + tap.fraction * (right - left);
  }
}

// The plane already holds the brightness; the other two are filled from it.
void color(ImageColors colors, std::span<float> out) {
  const auto red = out.first(kPixels);
  const auto green = out.subspan(kPixels, kPixels);
  const auto blue = out.subspan(2 * kPixels, kPixels);
  if (colors == ImageColors::kGray) {
    std::copy(red.begin(), red.end(), green.begin());
    std::copy(red.begin(), red.end(), blue.begin());
    return;
  }
  const std::span<const Color> map = color_map(colors);
  for (std::size_t i = 0; i < kPixels; ++i) {
    const Color& entry = map[color_index(red[i])];
    red[i] = entry[0];
    green[i] = entry[1];
    blue[i] = entry[2];
  }
}

}  // namespace

void make_picture(const SpectrogramView& spectrogram, const FeatureSettings& settings, std::span<float> out) {
  assert(spectrogram.bands > 0 && spectrogram.frames > 0 && out.size() == kPictureValues);
  const auto bands = static_cast<std::size_t>(spectrogram.bands);
  const auto frames = static_cast<std::size_t>(spectrogram.frames);
  assert(spectrogram.values.size() == bands * frames);
  const std::array<Tap, kSide> columns = taps(frames);
  const std::array<Tap, kSide> rows = taps(bands);
  std::vector<float> stretched(bands * kSide);  // [bands, 299]
  for (std::size_t band = 0; band < bands; ++band) {
    stretch_row(spectrogram.values.subspan(band * frames, frames), columns, settings.top_db,
                std::span(stretched).subspan(band * kSide, kSide));
  }
  for (std::size_t y = 0; y < kSide; ++y) {
    const Tap& tap = rows[kSide - 1 - y];  // the lowest band belongs into the last row
    const float* lower = stretched.data() + tap.first * kSide;
    const float* upper = stretched.data() + tap.second * kSide;
    for (std::size_t x = 0; x < kSide; ++x)
      out[y * kSide + x] = lower[x] + tap.fraction * (upper[x] - lower[x]);
  }
  color(settings.image, out);
}

}  // namespace melsweep::audio

#include "worker/trainer/variants/masks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace melsweep::variants {
namespace {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Range draw(int length, int most, Random& random) {
  const auto all = static_cast<std::uint64_t>(length);
  const std::uint64_t covered = random.below(std::min(static_cast<std::uint64_t>(most), all / 2) + 1);
  const std::uint64_t begin = random.below(all - covered + 1);
  return {.begin = begin, .end = begin + covered};
}

}  // namespace

void mask(audio::Spectrogram& spectrogram, const VariantSettings& settings, Random random) {
  if (spectrogram.values.empty()) return;
  const Range bands = draw(spectrogram.bands, settings.mask_frequency, random);
  const Range frames = draw(spectrogram.frames, settings.mask_time, random);
  const float least = *std::ranges::min_element(spectrogram.values);
  const auto width = static_cast<std::size_t>(spectrogram.frames);
  for (std::size_t band = 0; band < static_cast<std::size_t>(spectrogram.bands); ++band) {
    const bool is_covered = band >= bands.begin && band < bands.end;
    const Range covered = is_covered ? Range{.begin = 0, .end = width} : frames;
    const auto row = spectrogram.values.begin() + static_cast<std::ptrdiff_t>(band * width);
    std::fill(row + static_cast<std::ptrdiff_t>(covered.begin),
              row + static_cast<std::ptrdiff_t>(covered.end), least);
  }
}

}  // namespace melsweep::variants

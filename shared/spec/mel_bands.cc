#include "shared/spec/mel_bands.h"

#include <cmath>

namespace melsweep::spec {
namespace {

// The slaney scale is linear below 1,000 Hz and logarithmic above (librosa.hz_to_mel).
constexpr double kHzPerMel = 200.0 / 3.0;
constexpr double kLogFrom = 1000.0;  // Hz
constexpr double kLogFromMel = kLogFrom / kHzPerMel;
const double kLogStep = std::log(6.4) / 27.0;

constexpr double kSurelyWider = 1.000001;  // rounding errors are far smaller

double mel_of(double hz) {
  return hz < kLogFrom ? hz / kHzPerMel : kLogFromMel + std::log(hz / kLogFrom) / kLogStep;
}

double hz_of(double mel) {
  return mel < kLogFromMel ? mel * kHzPerMel : kLogFrom * std::exp(kLogStep * (mel - kLogFromMel));
}

}  // namespace

double highest_frequency(const FeatureSettings& features) {
  return features.fmax == 0.0 ? features.sample_rate / 2.0 : features.fmax;
}

std::optional<int> first_empty_mel_band(const FeatureSettings& features) {
  const double low = mel_of(features.fmin);
  const double step = (mel_of(highest_frequency(features)) - low) / (features.n_mels + 1);
  const double bin_width = static_cast<double>(features.sample_rate) / features.n_fft;
  const double last_bin = std::floor(features.n_fft / 2.0);
  for (int band = 0; band < features.n_mels; ++band) {
    // A triangle over (from, to), both excluded, as its weight is 0 there.
    const double from = hz_of(low + step * band);
    const double to = hz_of(low + step * (band + 2));
    // Triangles only widen: this one is wider than two bins lie apart, and so are all after it.
    if (to - from > kSurelyWider * bin_width) return std::nullopt;
    const double bin = std::floor(from / bin_width) + 1.0;
    if (from > 0.0 && (bin > last_bin || bin * bin_width >= to)) return band;
  }
  return std::nullopt;
}

int possible_mel_bands(const FeatureSettings& features) {
  int possible = 0;
  int impossible = features.n_mels;
  while (impossible - possible > 1) {
    FeatureSettings tried = features;
    tried.n_mels = possible + (impossible - possible) / 2;
    (first_empty_mel_band(tried) ? impossible : possible) = tried.n_mels;
  }
  return possible;
}

}  // namespace melsweep::spec

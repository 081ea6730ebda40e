#include "worker/trainer/audio/mel.h"

#include <algorithm>
#include <cmath>

namespace melsweep::audio {
namespace {

constexpr double kHzPerMel = 200.0 / 3.0;  // below kLogStartHz
constexpr double kLogStartHz = 1000.0;
constexpr double kLogStartMel = kLogStartHz / kHzPerMel;
const double kLogStep = std::log(6.4) / 27.0;  // of the frequency, per mel

// bands + 2 frequencies, equally spaced in mel: the corners of the triangles.
std::vector<double> corner_frequencies(std::size_t bands, MelRange range) {
  const double low = hz_to_mel(range.fmin);
  const double step = (hz_to_mel(range.fmax) - low) / static_cast<double>(bands + 1);
  std::vector<double> corners(bands + 2);
  for (std::size_t i = 0; i < corners.size(); ++i)
    corners[i] = mel_to_hz(low + step * static_cast<double>(i));
  return corners;
}

}  // namespace

double hz_to_mel(double hz) {
  return hz < kLogStartHz ? hz / kHzPerMel : kLogStartMel + std::log(hz / kLogStartHz) / kLogStep;
}

double mel_to_hz(double mel) {
  return mel < kLogStartMel ? mel * kHzPerMel : kLogStartHz * std::exp(kLogStep * (mel - kLogStartMel));
}

MelFilterBank::MelFilterBank(int sample_rate, std::size_t n_fft, std::size_t bands, MelRange range)
    : filters_(bands) {
  const std::vector<double> corners = corner_frequencies(bands, range);
  const double hz_per_bin = static_cast<double>(sample_rate) / static_cast<double>(n_fft);
  const std::size_t bins = n_fft / 2 + 1;
  for (std::size_t band = 0; band < bands; ++band) {
    const double low = corners[band];
    const double peak = corners[band + 1];
    const double high = corners[band + 2];
    const double area_norm = 2.0 / (high - low);
    Filter& filter = filters_[band];
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double hz = static_cast<double>(bin) * hz_per_bin;
      const double height = std::min((hz - low) / (peak - low), (high - hz) / (high - peak));
      if (height <= 0.0) continue;
      if (filter.weights.empty()) filter.first_bin = bin;
      filter.weights.push_back(static_cast<float>(height * area_norm));
    }
  }
}

std::array<float, kFrameLanes> MelFilterBank::apply(std::size_t band, std::span<const float> power) const {
  const Filter& filter = filters_[band];
  std::array<float, kFrameLanes> sums;
  spectrum_kernels().band(
      {.first_bin = filter.first_bin, .count = filter.weights.size(), .weights = filter.weights.data()},
      power.data(), sums.data());
  return sums;
}

float MelFilterBank::weight(std::size_t band, std::size_t bin) const {
  const Filter& filter = filters_[band];
  const bool inside = bin >= filter.first_bin && bin - filter.first_bin < filter.weights.size();
  return inside ? filter.weights[bin - filter.first_bin] : 0.0F;
}

}  // namespace melsweep::audio

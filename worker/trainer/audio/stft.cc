#include "worker/trainer/audio/stft.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace melsweep::audio {

std::vector<double> padded_hann(std::size_t length, std::size_t n_fft) {
  std::vector<double> window(n_fft, 0.0);
  const std::size_t left = (n_fft - length) / 2;
  for (std::size_t n = 0; n < length; ++n) {
    const double phase = 2.0 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(length);
    window[left + n] = 0.5 - 0.5 * std::cos(phase);
  }
  if (length == 1) window[left] = 1.0;  // the formula would leave nothing; scipy's window is 1 here
  return window;
}

PowerStft::PowerStft(std::size_t n_fft, std::size_t hop_length, std::size_t win_length)
    : n_fft_(n_fft),
      hop_length_(hop_length),
      window_(padded_hann(win_length, n_fft)),
      power_((n_fft / 2 + 1) * kFrameLanes) {
  if (LaneSpectrum::supports(n_fft)) {
    lanes_.emplace(window_, hop_length);
  } else {
    fft_ = std::make_unique<RealFft>(n_fft);
  }
}

std::size_t PowerStft::frames(std::size_t samples) const {
  const std::size_t padded = samples + 2 * (n_fft_ / 2);
  return padded < n_fft_ ? 0 : 1 + (padded - n_fft_) / hop_length_;
}

std::span<const float> PowerStft::block(std::span<const float> samples, std::size_t first) {
  if (lanes_) {
    lanes_->transform(samples, first, power_);
  } else {
    for (std::size_t lane = 0; lane < kFrameLanes; ++lane) transform_into(samples, first + lane, lane);
  }
  return power_;
}

void PowerStft::transform_into(std::span<const float> samples, std::size_t index, std::size_t lane) {
  const std::span<double> input = fft_->input();
  const std::size_t pad = n_fft_ / 2;
  const std::size_t start = index * hop_length_;  // in the padded signal
  // Positions of the frame that fall on samples; the others are padding.
  const std::size_t first = std::min(pad > start ? pad - start : 0, n_fft_);
  const std::size_t last =
      std::clamp(samples.size() + pad - std::min(start, samples.size() + pad), first, n_fft_);
  std::fill(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(first), 0.0);
  for (std::size_t n = first; n < last; ++n)
    input[n] = window_[n] * static_cast<double>(samples[start + n - pad]);
  std::fill(input.begin() + static_cast<std::ptrdiff_t>(last), input.end(), 0.0);
  fft_->transform();
  const std::span<const std::complex<double>> spectrum = fft_->output();
  for (std::size_t k = 0; k < spectrum.size(); ++k)
    power_[k * kFrameLanes + lane] = static_cast<float>(std::norm(spectrum[k]));
}

}  // namespace melsweep::audio

#include "worker/trainer/audio/lane_spectrum.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numbers>

namespace melsweep::audio {
namespace {

// Where frequency k of a transform of this size ends up, when it is done in place.
std::size_t position(std::size_t k, std::size_t size) {
  if (size <= 2) return k;
  return k % 4 * (size / 4) + position(k / 4, size / 4);
}

// exp(-2 pi i k / size), real and imaginary part.
void append_root(AlignedDoubles& table, std::size_t k, std::size_t size) {
  const double phase = 2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
  table.push_back(std::cos(phase));
  table.push_back(-std::sin(phase));
}

AlignedDoubles make_butterflies(std::size_t size) {
  AlignedDoubles table;
  for (; size > 4; size /= 4) {
    for (std::size_t j = 0; j < size / 4; ++j) {
      for (std::size_t power = 1; power <= 3; ++power) append_root(table, power * j, size);
    }
  }
  if (table.empty()) table.assign({1.0, 0.0, 1.0, 0.0, 1.0, 0.0});  // the first pass of the smallest
  return table;
}

AlignedDoubles make_separation(std::size_t n_fft) {
  AlignedDoubles table;
  for (std::size_t k = 0; k <= n_fft / 4; ++k) {
    const double phase = 2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n_fft);
    table.push_back(std::cos(phase));
    table.push_back(std::sin(phase));
  }
  return table;
}

}  // namespace

bool LaneSpectrum::supports(std::size_t n_fft) {
  return n_fft >= kMinLaneFft && std::has_single_bit(n_fft);
}

LaneSpectrum::LaneSpectrum(std::span<const double> window, std::size_t hop_length,
                           const SpectrumKernels& kernels)
    : kernels_(&kernels),
      n_fft_(window.size()),
      hop_length_(hop_length),
      rows_(kFrameLanes + (n_fft_ - 1) / hop_length),
      window_(window.begin(), window.end()),
      butterflies_(make_butterflies(n_fft_ / 2)),
      separation_(make_separation(n_fft_)),
      work_(n_fft_ * kFrameLanes),
      columns_(std::min(hop_length, n_fft_) * rows_) {
  assert(supports(n_fft_));
  for (std::size_t n = 0; n < n_fft_; ++n)
    offsets_.push_back(static_cast<std::uint32_t>(n % hop_length_ * rows_ + n / hop_length_));
  for (std::size_t k = 0; k < n_fft_ / 2; ++k)
    positions_.push_back(static_cast<std::uint32_t>(position(k, n_fft_ / 2)));
}

void LaneSpectrum::make_columns(std::span<const float> samples, std::size_t first) {
  const std::size_t width = std::min(hop_length_, n_fft_);
  const std::size_t pad = n_fft_ / 2;
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::size_t start = (first + row) * hop_length_;  // in the padded signal
    // Positions that fall on samples; the others are padding.
    const std::size_t begin = std::min(pad > start ? pad - start : 0, width);
    const std::size_t end =
        std::clamp(samples.size() + pad - std::min(start, samples.size() + pad), begin, width);
    float* to = columns_.data() + row;
    for (std::size_t n = 0; n < begin; ++n) to[n * rows_] = 0.0F;
    for (std::size_t n = begin; n < end; ++n) to[n * rows_] = samples[start + n - pad];
    for (std::size_t n = end; n < width; ++n) to[n * rows_] = 0.0F;
  }
}

void LaneSpectrum::transform(std::span<const float> samples, std::size_t first, std::span<float> power) {
  assert(power.size() == (n_fft_ / 2 + 1) * kFrameLanes);
  make_columns(samples, first);
  const LaneFftTables tables{.n_fft = n_fft_,
                             .window = window_.data(),
                             .offsets = offsets_.data(),
                             .butterflies = butterflies_.data(),
                             .positions = positions_.data(),
                             .separation = separation_.data()};
  kernels_->power(tables, columns_.data(), work_.data(), power.data());
}

}  // namespace melsweep::audio

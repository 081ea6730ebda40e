// Short-time power spectrum: |STFT|^2 with librosa's framing.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "worker/trainer/audio/fft.h"
#include "worker/trainer/audio/lane_spectrum.h"
#include "worker/trainer/audio/spectrum_kernels.h"

namespace melsweep::audio {

// The periodic Hann window of `length` samples, 0.5 - 0.5 cos(2 pi n / length), padded with zeros on both
// sides to n_fft: librosa's pad_center(get_window('hann', length, fftbins=True), n_fft). Needs 1 <= length <=
// n_fft.
std::vector<double> padded_hann(std::size_t length, std::size_t n_fft);

// Computes in double precision and rounds the power once: with a flat spectrum, a click's, the rounding
// errors of single precision add up in the deep notches of the window to more than 0.01 dB. Not thread-safe:
// holds the transform's buffers, and allocates nothing once it is made.
class PowerStft {
 public:
  PowerStft(std::size_t n_fft, std::size_t hop_length, std::size_t win_length);

  std::size_t bins() const { return n_fft_ / 2 + 1; }
  // The signal is padded with n_fft / 2 zeros on both sides, so that frame t is centred on sample t *
  // hop_length (center=True, pad_mode='constant').
  std::size_t frames(std::size_t samples) const;

  // |STFT|^2 of kFrameLanes frames, `first` and those after it: [bins, kFrameLanes], valid until the next
  // call. Frames beyond the last hold numbers that mean nothing. A frame's numbers do not depend on `first`.
  // Cheapest in order.
  std::span<const float> block(std::span<const float> samples, std::size_t first);

 private:
  // Frame `index` into one lane of power_.
  void transform_into(std::span<const float> samples, std::size_t index, std::size_t lane);

  std::size_t n_fft_;
  std::size_t hop_length_;
  std::vector<double> window_;         // [n_fft]
  std::optional<LaneSpectrum> lanes_;  // where n_fft is a power of two
  std::unique_ptr<RealFft> fft_;       // where it is not
  AlignedFloats power_;                // [bins, kFrameLanes]
};

}  // namespace melsweep::audio

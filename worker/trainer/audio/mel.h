// The mel scale and filter bank of Slaney's Auditory Toolbox, as librosa.filters.mel has them by default
// (htk=False, norm='slaney').
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "worker/trainer/audio/spectrum_kernels.h"

namespace melsweep::audio {

// Linear below 1000 Hz (15 mel), logarithmic above.
double hz_to_mel(double hz);
double mel_to_hz(double mel);

struct MelRange {
  double fmin = 0.0;  // Hz
  double fmax = 0.0;  // Hz
};

// Overlapping triangles of equal area. A triangle covers few bins, so only its own are kept. Immutable.
class MelFilterBank {
 public:
  MelFilterBank(int sample_rate, std::size_t n_fft, std::size_t bands, MelRange range);

  std::size_t bands() const { return filters_.size(); }
  // power: [n_fft / 2 + 1, kFrameLanes]. Band `band` of the mel power of each lane.
  std::array<float, kFrameLanes> apply(std::size_t band, std::span<const float> power) const;
  // The weight of one bin in one band: librosa.filters.mel(...)[band, bin].
  float weight(std::size_t band, std::size_t bin) const;

 private:
  struct Filter {
    std::size_t first_bin = 0;
    std::vector<float> weights;  // of the bins from first_bin on; empty where no bin falls into the triangle
  };

  std::vector<Filter> filters_;
};

}  // namespace melsweep::audio

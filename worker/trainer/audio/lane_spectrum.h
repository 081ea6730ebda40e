// Power spectra of overlapping frames, several at a time, each in a vector lane of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/trainer/audio/aligned.h"
#include "worker/trainer/audio/spectrum_kernels.h"

namespace melsweep::audio {

// Tables and buffers for one size of frame. Not thread-safe.
class LaneSpectrum {
 public:
  static bool supports(std::size_t n_fft);

  // window: [n_fft].
  LaneSpectrum(std::span<const double> window, std::size_t hop_length,
               const SpectrumKernels& kernels = spectrum_kernels());

  // |FFT|^2 of kFrameLanes frames, the first beginning at first * hop_length of the signal with n_fft / 2
  // zeros before and after it. power: [n_fft / 2 + 1, kFrameLanes], aligned, written.
  void transform(std::span<const float> samples, std::size_t first, std::span<float> power);

 private:
  void make_columns(std::span<const float> samples, std::size_t first);

  const SpectrumKernels* kernels_;
  std::size_t n_fft_;
  std::size_t hop_length_;
  std::size_t rows_;  // hops that kFramesAtOnce frames reach over
  AlignedDoubles window_;
  std::vector<std::uint32_t> offsets_;
  AlignedDoubles butterflies_;
  std::vector<std::uint32_t> positions_;
  AlignedDoubles separation_;
  AlignedDoubles work_;
  // The signal as a matrix with a row a hop, transposed: [hop or n_fft, rows]. So the same sample of frames
  // that follow each other lies side by side, and what frames share is there once.
  AlignedFloats columns_;
};

}  // namespace melsweep::audio

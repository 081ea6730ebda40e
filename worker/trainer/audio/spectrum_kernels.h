// The loops that spectrograms spend their time in, for several frames at once: each frame has a lane of the
// processor's vectors of its own, so that nothing is ever moved between lanes, and a frame's numbers do not
// depend on its lane. Compiled once for each instruction set; the one to run is chosen at start-up.
#pragma once

#include <cstddef>
#include <cstdint>

namespace melsweep::audio {

inline constexpr std::size_t kFrameLanes = 8;

// What the transform of n_fft real numbers needs, a power of two of at least kMinLaneFft. The numbers are
// paired to n_fft / 2 complex ones, transformed by radix-4 butterflies (decimation in frequency, in place),
// and taken apart again: Cooley and Tukey 1965; Sorensen et al., "Real-valued fast Fourier transform
// algorithms" (1987).
struct LaneFftTables {
  std::size_t n_fft = 0;
  const double* window = nullptr;            // [n_fft]
  const std::uint32_t* offsets = nullptr;    // [n_fft]: where sample n of the first frame lies in `columns`
  const double* butterflies = nullptr;       // of size m = n_fft / 2, m / 4, ...: [m / 4, 6], W^j, W^2j, W^3j
  const std::uint32_t* positions = nullptr;  // [n_fft / 2]: where a frequency ends up
  const double* separation = nullptr;        // [n_fft / 4 + 1, 2]: cosine and sine of 2 pi k / n_fft
};
inline constexpr std::size_t kMinLaneFft = 8;

// A band's triangle: weights[0 .. count) of the bins from first_bin on.
struct BandWeights {
  std::size_t first_bin = 0;
  std::size_t count = 0;
  const float* weights = nullptr;
};

// How power or amplitude becomes decibels.
struct DecibelScale {
  float factor = 0.0F;  // 10 or 20
  float amin = 0.0F;    // what is smaller counts as this; a normal number
  float floor = 0.0F;   // dB, negative
};

struct SpectrumKernels {
  // |FFT|^2 of kFrameLanes windowed frames. columns: sample n of lane l lies at offsets[n] + l; work: [n_fft
  // * kFrameLanes]; power: [n_fft / 2 + 1, kFrameLanes], written. All aligned to 64 bytes but columns.
  void (*power)(const LaneFftTables& tables, const float* columns, double* work, float* power);

  // sums[l] = the band's sum over power[bin, l].
  void (*band)(const BandWeights& band, const float* power, float* sums);

  // Each value x becomes max(factor * (log10(max(x, amin)) - log10(max(loudest, amin))), floor), within 1e-5
  // of factor, where loudest is the largest of them; count >= 1.
  void (*decibels)(float* values, std::size_t count, const DecibelScale& scale);

  // Whether -limit <= x <= limit for each of the values.
  bool (*bounded)(const float* values, std::size_t count, float limit);

  const char* name;  // "baseline", "avx2", "avx512"
};

// The fastest that this processor runs.
const SpectrumKernels& spectrum_kernels();

// All that this processor runs, the fastest last, then a null pointer.
const SpectrumKernels* const* runnable_spectrum_kernels();

}  // namespace melsweep::audio

// For x86-64 processors with AVX-512.
#include <cstddef>

namespace melsweep::audio {
namespace {

constexpr std::size_t kVectorLanes = 8;  // of double precision

}  // namespace
}  // namespace melsweep::audio

#include "worker/trainer/audio/spectrum_kernels.inc"

namespace melsweep::audio {

extern const SpectrumKernels kAvx512SpectrumKernels;
const SpectrumKernels kAvx512SpectrumKernels = {power, band, decibels, bounded, "avx512"};

}  // namespace melsweep::audio

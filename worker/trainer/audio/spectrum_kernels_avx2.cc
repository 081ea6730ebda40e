// For x86-64 processors with AVX2 and FMA.
#include <cstddef>

namespace melsweep::audio {
namespace {

constexpr std::size_t kVectorLanes = 4;  // of double precision

}  // namespace
}  // namespace melsweep::audio

#include "worker/trainer/audio/spectrum_kernels.inc"

namespace melsweep::audio {

extern const SpectrumKernels kAvx2SpectrumKernels;
const SpectrumKernels kAvx2SpectrumKernels = {power, band, decibels, bounded, "avx2"};

}  // namespace melsweep::audio

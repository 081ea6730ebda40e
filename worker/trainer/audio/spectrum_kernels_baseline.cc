// For any processor: what the compiler makes of two lanes.
#include <cstddef>

namespace melsweep::audio {
namespace {

constexpr std::size_t kVectorLanes = 2;  // of double precision

}  // namespace
}  // namespace melsweep::audio

#include "worker/trainer/audio/spectrum_kernels.inc"

namespace melsweep::audio {

extern const SpectrumKernels kBaselineSpectrumKernels;
const SpectrumKernels kBaselineSpectrumKernels = {power, band, decibels, bounded, "baseline"};

}  // namespace melsweep::audio

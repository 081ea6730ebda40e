// For x86-64 processors with AVX-512: 32 registers of 16 lanes.
#include <cstddef>

namespace melsweep::training {
namespace {

constexpr std::size_t kVectorLanes = 16;
constexpr std::size_t kTileRows = 4;
constexpr std::size_t kTileClasses = 5;
constexpr std::size_t kAccumulateRows = 8;

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kAvx512HeadKernels;
const HeadKernels kAvx512HeadKernels = {multiply, accumulate, add_scaled, "avx512"};

}  // namespace melsweep::training

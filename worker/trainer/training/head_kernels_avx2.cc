// For x86-64 processors with AVX2 and FMA: 16 registers, two to 16 lanes.
#include <cstddef>

namespace melsweep::training {
namespace {

constexpr std::size_t kVectorLanes = 8;
constexpr std::size_t kTileRows = 2;
constexpr std::size_t kTileClasses = 3;
constexpr std::size_t kAccumulateRows = 4;

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kAvx2HeadKernels;
const HeadKernels kAvx2HeadKernels = {multiply, accumulate, add_scaled, "avx2"};

}  // namespace melsweep::training

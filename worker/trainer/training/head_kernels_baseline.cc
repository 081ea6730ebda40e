// For any processor.
#include <cstddef>

namespace melsweep::training {
namespace {

constexpr std::size_t kVectorLanes = 4;
constexpr std::size_t kTileRows = 2;
constexpr std::size_t kTileClasses = 1;
constexpr std::size_t kAccumulateRows = 2;

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kBaselineHeadKernels;
const HeadKernels kBaselineHeadKernels = {multiply, accumulate, add_scaled, "baseline"};

}  // namespace melsweep::training

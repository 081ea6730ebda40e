// For any processor.
#include <cstddef>

namespace melsweep::training {
namespace {

using Vector = float __attribute__((vector_size(16)));
constexpr std::size_t kVectorLanes = 4;
constexpr std::size_t kTileRows = 2;
constexpr std::size_t kTileColumns = 4;
constexpr std::size_t kSliceColumns = 2;
constexpr std::size_t kSliceVectors = 1;

// Rounds twice: a fused one in software would take a hundred times as long.
inline Vector fused(Vector a, Vector b, Vector c) {
  return a * b + c;
}

inline float fused(float a, float b, float c) {
  return a * b + c;
}

inline Vector square_root(Vector x) {
  for (std::size_t i = 0; i < kVectorLanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/training/bf16_kernels.inc"
#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kBaselineHeadKernels;
const HeadKernels kBaselineHeadKernels = {multiply, find_errors, find_weighted_errors,
                                          descend,  update,      "baseline"};
extern const Bf16Kernels kBaselineBf16Kernels;
const Bf16Kernels kBaselineBf16Kernels = {round_numbers, multiply_bf16, descend_bf16, "baseline"};

}  // namespace melsweep::training

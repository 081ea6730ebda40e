// For x86-64 processors with AVX2 and FMA: 16 registers, two to 16 lanes.
#include <immintrin.h>

#include <cstddef>

namespace melsweep::training {
namespace {

using Vector = __m256;
constexpr std::size_t kVectorLanes = 8;
constexpr std::size_t kTileRows = 3;
constexpr std::size_t kTileColumns = 4;
constexpr std::size_t kSliceColumns = 5;
constexpr std::size_t kSliceVectors = 1;

inline Vector fused(Vector a, Vector b, Vector c) {
  return _mm256_fmadd_ps(a, b, c);
}

inline float fused(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}

inline Vector square_root(Vector x) {
  return _mm256_sqrt_ps(x);
}

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/training/bf16_kernels.inc"
#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kAvx2HeadKernels;
const HeadKernels kAvx2HeadKernels = {multiply, find_errors, find_weighted_errors, descend, update, "avx2"};
extern const Bf16Kernels kAvx2Bf16Kernels;
const Bf16Kernels kAvx2Bf16Kernels = {round_numbers, multiply_bf16, descend_bf16, "avx2"};

}  // namespace melsweep::training

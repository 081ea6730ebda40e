// For x86-64 processors with AVX-512: 32 registers of 16 lanes.
#include <immintrin.h>

#include <cstddef>

namespace melsweep::training {
namespace {

using Vector = __m512;
constexpr std::size_t kVectorLanes = 16;
constexpr std::size_t kTileRows = 4;
constexpr std::size_t kTileColumns = 5;
constexpr std::size_t kSliceColumns = 10;
constexpr std::size_t kSliceVectors = 2;

inline Vector fused(Vector a, Vector b, Vector c) {
  return _mm512_fmadd_ps(a, b, c);
}

inline float fused(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}

inline Vector square_root(Vector x) {
  return _mm512_sqrt_ps(x);
}

}  // namespace
}  // namespace melsweep::training

#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kAvx512HeadKernels;
const HeadKernels kAvx512HeadKernels = {multiply, find_errors, descend, update, "avx512"};

}  // namespace melsweep::training

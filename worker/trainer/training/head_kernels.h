// The two matrix products of softmax regression, for few classes and long features, on one thread.
#pragma once

#include <cstddef>

namespace melsweep::training {

// Floats from one class's weights to the next's. Not the number of features: 2048 floats are a multiple of
// the distance at which addresses compete for the same place in a first-level cache.
constexpr std::size_t head_stride(std::size_t features) {
  return (features + 15) / 16 * 16 + 16;
}

// Features are rows given by pointers (they lie in mapped files, in any order and alignment). Weights and
// gradients are class-major: class c begins at c * head_stride(features). Every sum is taken over 16 lanes in
// a fixed order, whatever the width of the machine's vectors: processors with fused multiply-add give the
// same bits.
struct HeadKernels {
  // logits[i * classes + c] = sum over f of rows[i][f] * weights[c * stride + f]
  void (*multiply)(const float* const* rows, std::size_t row_count, std::size_t features,
                   const float* weights, std::size_t classes, float* logits);

  // gradient[c * stride + f] += sum over i of errors[i * classes + c] * rows[i][f]
  void (*accumulate)(const float* const* rows, std::size_t row_count, std::size_t features,
                     const float* errors, std::size_t classes, float* gradient);

  // target[i] += scale * source[i]
  void (*add_scaled)(float* target, const float* source, float scale, std::size_t count);

  const char* name;  // "avx512", "avx2", "baseline"
};

// The fastest that this processor runs.
const HeadKernels& head_kernels();

// Each for its own instruction set; only the baseline runs everywhere. For tests and benchmarks: all that
// this processor runs, the baseline first, a null pointer after the last.
const HeadKernels* const* runnable_head_kernels();

}  // namespace melsweep::training

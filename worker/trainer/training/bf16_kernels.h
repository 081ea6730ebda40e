// The two products of softmax regression in bfloat16, summed in float32. What head_kernels.h says of the
// order of errors, and of heads in company, holds here too; and these sums are the same on every processor,
// with and without fused multiply-add: a product of two bfloat16 is exact in float32.
#pragma once

#include <cstddef>
#include <cstdint>

#include "worker/trainer/training/bf16.h"
#include "worker/trainer/training/head_kernels.h"

namespace melsweep::training {

// So many features go through the kernels at once.
inline constexpr std::size_t kBf16Slice = 64;

constexpr std::size_t bf16_slices(std::size_t features) {
  return (features + kBf16Slice - 1) / kBf16Slice;
}

// Numbers from one row to the next: a cache line more than the features fill, as of head_stride().
constexpr std::size_t bf16_stride(std::size_t features) {
  return (bf16_slices(features) + 1) * kBf16Slice;
}

// The bottlenecks of a minibatch.
struct Bf16Rows {
  const Bf16* const* rows = nullptr;  // [count], each [bf16_stride(features)], 0 beyond the features
  std::size_t count = 0;
  std::size_t features = 0;
  const Bf16* const* next = nullptr;  // [count] or null, as HeadRows's
};

// Of a minibatch of `count`: what descend() works in.
constexpr std::size_t bf16_scratch_size(std::size_t count) {
  return (count + 1) / 2 * kBf16Slice;
}

struct Bf16Kernels {
  // As to_bf16() does; `count` is a multiple of 16.
  void (*round)(const float* from, Bf16* to, std::size_t count);

  // HeadKernels::multiply; weights as HeadColumn::rounded.
  void (*multiply)(const Bf16Rows& rows, const Bf16* const* weights, std::size_t columns, float* products);

  // HeadKernels::descend, by rounded errors; rounds the weights anew. scratch: [bf16_scratch_size(count)]
  void (*descend)(const Bf16Rows& rows, const Bf16* errors, const HeadColumn* columns, std::size_t count,
                  std::uint32_t* scratch);

  const char* name;  // "avx512_bf16", "avx512", "avx2", "baseline"
};

// The fastest that this processor runs.
const Bf16Kernels& bf16_kernels();

// As runnable_head_kernels().
const Bf16Kernels* const* runnable_bf16_kernels();

}  // namespace melsweep::training

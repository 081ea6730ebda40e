// Bottlenecks in memory, as the kernels read them fastest.
#pragma once

#include <cstddef>
#include <span>

#include "worker/trainer/training/aligned_array.h"
#include "worker/trainer/training/bf16.h"
#include "worker/trainer/training/bf16_kernels.h"
#include "worker/trainer/training/head_kernels.h"

namespace melsweep::training {

// Numbers from one row to the next. A cache line more than the features fill: rows that are a power of 2
// apart compete for the same places in the caches.
template <class Number>
constexpr std::size_t row_stride(std::size_t features);
template <>
constexpr std::size_t row_stride<float>(std::size_t features) {
  return head_stride(features);
}
template <>
constexpr std::size_t row_stride<Bf16>(std::size_t features) {
  return bf16_stride(features);
}

// Rows of floats, or of floats rounded to bfloat16. They begin at cache lines, and lie in huge pages where
// the system has them.
template <class Number>
class RowTable {
 public:
  RowTable() = default;
  // Of `count` rows of so many features, all 0.
  RowTable(std::size_t count, std::size_t features)
      : features_(features), numbers_(count * row_stride<Number>(features)) {}

  static std::size_t bytes(std::size_t count, std::size_t features) {
    return count * row_stride<Number>(features) * sizeof(Number);
  }

  bool empty() const { return numbers_.size() == 0; }

  void set(std::size_t row, std::span<const float> numbers);  // [features]

  // [row_stride(features)], 0 beyond the features.
  const Number* row(std::size_t row) const { return numbers_.data() + row * row_stride<Number>(features_); }

 private:
  std::size_t features_ = 0;
  AlignedArray<Number> numbers_;  // [count, row_stride(features)]
};

using Bf16Table = RowTable<Bf16>;

}  // namespace melsweep::training

// Bottlenecks rounded to bfloat16.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "worker/trainer/training/aligned_array.h"
#include "worker/trainer/training/bf16.h"

namespace melsweep::training {

// Half the memory of the numbers they were, and all of it in memory: 4 KiB an example.
class Bf16Table {
 public:
  Bf16Table() = default;
  // Of `count` rows of so many features.
  Bf16Table(std::size_t count, std::size_t features);

  bool empty() const { return numbers_.size() == 0; }

  void set(std::size_t row, std::span<const float> numbers);

  // As the kernels take it (bf16_kernels.h).
  const Bf16* row(std::size_t row) const;

 private:
  std::size_t features_ = 0;
  AlignedArray<Bf16> numbers_;  // [count, bf16_stride(features)]
};

}  // namespace melsweep::training

#include "worker/trainer/training/row_table.h"

#include <algorithm>
#include <cassert>

namespace melsweep::training {

template <>
void RowTable<float>::set(std::size_t row, std::span<const float> numbers) {
  assert(numbers.size() == features_);
  std::ranges::copy(numbers, numbers_.data() + row * row_stride<float>(features_));
}

template <>
void RowTable<Bf16>::set(std::size_t row, std::span<const float> numbers) {
  assert(numbers.size() == features_);
  Bf16* to = numbers_.data() + row * row_stride<Bf16>(features_);
  const std::size_t at_once = numbers.size() / kHeadBlock * kHeadBlock;
  bf16_kernels().round(numbers.data(), to, at_once);
  std::ranges::transform(numbers.subspan(at_once), to + at_once, to_bf16);
}

}  // namespace melsweep::training

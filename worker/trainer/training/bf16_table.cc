#include "worker/trainer/training/bf16_table.h"

#include <algorithm>
#include <cassert>

#include "worker/trainer/training/bf16_kernels.h"

namespace melsweep::training {

Bf16Table::Bf16Table(std::size_t count, std::size_t features)
    : features_(features), numbers_(count * bf16_stride(features)) {}

void Bf16Table::set(std::size_t row, std::span<const float> numbers) {
  assert(numbers.size() == features_);
  std::ranges::transform(numbers, numbers_.data() + row * bf16_stride(features_), to_bf16);
}

const Bf16* Bf16Table::row(std::size_t row) const {
  return numbers_.data() + row * bf16_stride(features_);
}

}  // namespace melsweep::training

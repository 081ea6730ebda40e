#include "worker/trainer/training/bf16.h"

#include <bit>
#include <cmath>

namespace melsweep::training {

Bf16 to_bf16(float number) {
  if (std::abs(number) < kBf16Smallest) return 0;
  const auto bits = std::bit_cast<std::uint32_t>(number);
  if (std::isnan(number)) return static_cast<Bf16>((bits >> 16) | 0x40U);
  return static_cast<Bf16>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

float from_bf16(Bf16 number) {
  return std::bit_cast<float>(std::uint32_t{number} << 16);
}

}  // namespace melsweep::training

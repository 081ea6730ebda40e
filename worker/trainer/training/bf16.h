// bfloat16: the upper half of a float, 8 bits of precision.
#pragma once

#include <cstdint>

namespace melsweep::training {

// The upper 16 bits of a float.
using Bf16 = std::uint16_t;

// What is smaller becomes 0: a sum of products of two numbers that are 0 or at least so large is 0 or at
// least 2^-126. It is never among the denormal floats, which processors' bfloat16 arithmetic takes for 0.
inline constexpr float kBf16Smallest = 0x1p-56F;

// The nearest, of two the even one; NaN stays NaN.
Bf16 to_bf16(float number);

float from_bf16(Bf16 number);

}  // namespace melsweep::training

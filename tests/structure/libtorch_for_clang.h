// What clang-tidy 14 reads before a file that includes libtorch, and no build does. libtorch's c10::IValue
// holds a std::vector of its own, still incomplete type. GCC takes that; clang 14 refuses it where vector's
// members are constexpr, as libstdc++ 12 has them in C++20: here they are not. The rename keeps <vector>'s
// one free function with an earlier constexpr declaration apart from it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#define __fill_a1 __fill_a1_of_bits
#include <vector>
#undef __fill_a1
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR constexpr

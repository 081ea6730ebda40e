// Long lists in sentences that stay readable.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace melsweep::dataset {

inline constexpr std::size_t kNamedInSentences = 5;

// The first words of `count`, with the separator between them, and how many are left out: "a, b, c, d, e, and
// 7 more". word(i) is asked only for those that are named.
std::string first_few(std::size_t count, const std::function<std::string(std::size_t)>& word,
                      const std::string& separator = ", ");

}  // namespace melsweep::dataset

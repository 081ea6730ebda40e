// The end of a log, kept for the case that it explains a death.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace melsweep::agent {

// Not thread-safe.
class LastWords {
 public:
  static constexpr std::size_t kLines = 20;
  static constexpr std::size_t kLineBytes = 1000;  // of a longer line only these are kept

  void add(std::string_view line);

  // The lines, oldest first, with newlines between; always valid UTF-8.
  std::string text() const;

 private:
  std::deque<std::string> lines_;
};

// The text with every byte that is not UTF-8 replaced by U+FFFD: what protobuf and JSON can carry.
std::string valid_utf8(std::string_view text);

}  // namespace melsweep::agent

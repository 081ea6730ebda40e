// A stream of bytes as lines.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace melsweep::agent {

// Keeps at most one unfinished line. Not thread-safe.
class LineSplitter {
 public:
  using OnLine = std::function<void(std::string_view)>;  // without its newline

  explicit LineSplitter(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  // Adds bytes and hands over each line that they complete. False once a line is longer than the limit,
  // finished or not; the rest of the bytes is then dropped, and with it the line.
  bool add(std::string_view bytes, const OnLine& on_line);

  std::size_t unfinished_bytes() const { return unfinished_.size(); }

  // Hands over the unfinished line, if there is one.
  void finish(const OnLine& on_line);

 private:
  std::size_t max_line_bytes_;
  std::string unfinished_;
};

}  // namespace melsweep::agent

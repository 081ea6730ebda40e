// Lines from a pipe, as they come.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "shared/files/descriptor.h"

namespace melsweep::commands {

// Reads lines of at most max_bytes. Does not own the descriptor.
class LineReader {
 public:
  LineReader(int descriptor, std::size_t max_bytes);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Calls on_line for each line, without its newline, until the end of input, an error, or interrupt(). A
  // longer line is passed over and counts as one call of on_too_long. A last line without a newline is no
  // line: its writer died.
  void run(const std::function<void(const std::string&)>& on_line, const std::function<void()>& on_too_long);

  // Ends run(), from any thread or a signal handler, before or while it runs.
  void interrupt();

 private:
  bool wait_for_input() const;
  void take(const char* bytes, std::size_t count, const std::function<void(const std::string&)>& on_line,
            const std::function<void()>& on_too_long);

  int descriptor_;
  std::size_t max_bytes_;
  files::Descriptor wake_;  // an eventfd
  std::string line_;
  bool too_long_ = false;  // what line_ would hold is passed over
};

}  // namespace melsweep::commands

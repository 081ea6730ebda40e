#include "worker/agent/line_splitter.h"

#include <utility>

namespace melsweep::agent {

bool LineSplitter::add(std::string_view bytes, const OnLine& on_line) {
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, newline);
    if (unfinished_.size() + piece.size() > max_line_bytes_) {
      unfinished_.clear();
      return false;
    }
    unfinished_.append(piece);
    if (newline == std::string_view::npos) return true;
    on_line(unfinished_);
    unfinished_.clear();
    bytes.remove_prefix(newline + 1);
  }
  return true;
}

void LineSplitter::finish(const OnLine& on_line) {
  if (unfinished_.empty()) return;
  on_line(std::exchange(unfinished_, {}));
}

}  // namespace melsweep::agent

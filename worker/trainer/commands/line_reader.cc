#include "worker/trainer/commands/line_reader.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <stdexcept>

namespace melsweep::commands {

LineReader::LineReader(int descriptor, std::size_t max_bytes)
    : descriptor_(descriptor), max_bytes_(max_bytes), wake_(::eventfd(0, EFD_CLOEXEC)) {
  if (!wake_.is_open()) throw std::runtime_error("cannot make an eventfd: out of file descriptors");
}

void LineReader::interrupt() {
  const std::uint64_t one = 1;
  // Cannot fail: the counter is far from full.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
}

bool LineReader::wait_for_input() const {
  std::array<pollfd, 2> sources = {{{descriptor_, POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while (::poll(sources.data(), sources.size(), -1) < 0) {
    if (errno != EINTR) return false;
  }
  return sources[1].revents == 0;
}

void LineReader::run(const std::function<void(const std::string&)>& on_line,
                     const std::function<void()>& on_too_long) {
  std::array<char, 1 << 16> buffer{};
  while (wait_for_input()) {
    const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    take(buffer.data(), static_cast<std::size_t>(count), on_line, on_too_long);
  }
}

void LineReader::take(const char* bytes, std::size_t count,
                      const std::function<void(const std::string&)>& on_line,
                      const std::function<void()>& on_too_long) {
  const char* const end = bytes + count;
  while (bytes != end) {
    const char* const newline = std::find(bytes, end, '\n');
    const auto length = static_cast<std::size_t>(newline - bytes);
    if (!too_long_ && line_.size() + length > max_bytes_) {
      too_long_ = true;
      line_.clear();
    }
    if (!too_long_) line_.append(bytes, length);
    if (newline == end) return;
    if (too_long_) {
      on_too_long();
    } else {
      on_line(line_);
    }
    line_.clear();
    too_long_ = false;
    bytes = newline + 1;
  }
}

}  // namespace melsweep::commands

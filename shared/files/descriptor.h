// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

#include <utility>

namespace melsweep::files {

// Owns a file descriptor, or none (-1, as system calls say it when they fail). Movable. What close() says is
// not looked at: who must know that bytes are on disk asks fsync.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      value_ = std::exchange(other.value_, -1);
    }
    return *this;
  }
  ~Descriptor() { reset(); }

  bool is_open() const { return value_ >= 0; }
  int get() const { return value_; }
  // It is another's to close from now on.
  int release() { return std::exchange(value_, -1); }
  void reset() {
    if (is_open()) ::close(std::exchange(value_, -1));
  }

 private:
  int value_ = -1;
};

}  // namespace melsweep::files

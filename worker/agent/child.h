// A child process with pipes to its standard streams.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace melsweep::agent {

// Owns a file descriptor. Movable; -1 owns nothing.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { reset(); }

  int get() const { return value_; }
  void reset();

 private:
  int value_ = -1;
};

struct Child {
  pid_t pid = 0;
  Descriptor input;   // to its standard input
  Descriptor output;  // from its standard output
  Descriptor errors;  // from its standard error
};

// Starts arguments[0] (a path) with posix_spawn, which is safe beside gRPC's threads where fork is not, in a
// process group of its own, with every signal as by default. Our ends do not block and are closed in the
// child. An error names the program and the system's reason.
absl::StatusOr<Child> spawn_child(const std::vector<std::string>& arguments);

}  // namespace melsweep::agent

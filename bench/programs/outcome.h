// What a benchmark program tells bench/run.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace melsweep::bench {

using Seconds = std::chrono::duration<double>;

// Name -> number that says what was done and what came out.
using Figures = std::map<std::string, double>;

// Prints the line of JSON that the frame reads.
void tell(Seconds elapsed, const Figures& figures);

// Ends the program with the error's message.
[[noreturn]] void give_up(const absl::Status& status);

template <class T>
T value_of(absl::StatusOr<T> result) {
  if (!result.ok()) give_up(result.status());
  return *std::move(result);
}

// Times from construction on.
class Stopwatch {
 public:
  Seconds elapsed() const { return std::chrono::steady_clock::now() - began_; }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace melsweep::bench

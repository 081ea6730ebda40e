// Chance that comes out the same on every machine and with every standard library.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace melsweep::synth {

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). A copy goes on by
// itself from the same state. Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // A stream of its own for each list of numbers.
  Random(std::initializer_list<std::uint64_t> key);

  std::uint64_t next();
  double uniform(double low, double high);
  int integer(int low, int high);  // both ends included
  bool chance(double probability);

 private:
  std::uint64_t state_;
};

}  // namespace melsweep::synth

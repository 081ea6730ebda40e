// Everything that is left to chance, from one seed.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

namespace melsweep::simulation {

// SplitMix64's finalizer (Steele, Lea, Flood 2014): one well mixed number from one number.
inline std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

// The same on every machine and with every standard library, unlike std::uniform_int_distribution.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mixed(seed)) {}

  std::uint64_t next() { return mixed(state_++); }

  // In [0, bound).
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }

  // In [0, 1).
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

  // True with this probability.
  bool chance(double probability) { return probability > 0.0 && unit() < probability; }

  // Both ends can be drawn.
  std::chrono::milliseconds between(std::chrono::milliseconds from, std::chrono::milliseconds to) {
    return from + std::chrono::milliseconds(below((to - from).count() + 1));
  }

  // Time to the next of events that come at random, `mean` apart.
  std::chrono::milliseconds waiting_time(std::chrono::milliseconds mean) {
    return std::chrono::milliseconds(
        1 + static_cast<std::int64_t>(-std::log1p(-unit()) * static_cast<double>(mean.count())));
  }

  // One of the values.
  template <class Value, std::size_t N>
  Value one_of(const Value (&values)[N]) {
    return values[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
  }

  // A source of its own, so that how much one part draws changes nothing for the others.
  Random fork() { return Random(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace melsweep::simulation

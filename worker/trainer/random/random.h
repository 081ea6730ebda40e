// Random numbers that are the same with every compiler and standard library: a trial's result depends on its
// parameters and its seed alone.
#pragma once

#include <array>
#include <cstdint>

namespace melsweep {

// What the numbers are for. Each purpose has a stream of its own, so that one never shifts another.
enum class RandomStream : std::uint64_t { kMinibatches = 1, kHeadWeights = 2, kMixup = 3, kVariants = 4 };

// xoshiro256** (Blackman and Vigna, https://prng.di.unimi.it), seeded through splitmix64. Not thread-safe.
class Random {
 public:
  Random(std::uint64_t seed, RandomStream stream);
  // A stream has a sequence of its own for each number.
  Random(std::uint64_t seed, RandomStream stream, std::uint64_t number);

  std::uint64_t next();

  // Uniform in [0, 1), with 53 random bits.
  double uniform();

  // Uniform in [0, bound), without bias; bound >= 1.
  std::uint64_t below(std::uint64_t bound);

  // Normal with mean 0 and deviation 1, redrawn beyond two deviations: what TensorFlow calls truncated
  // normal.
  double truncated_normal();

  // Beta(alpha, alpha), in [0, 1], of multiples of 2^-20; alpha in [0.01, 100].
  double beta(double alpha);

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace melsweep

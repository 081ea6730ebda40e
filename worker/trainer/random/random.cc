#include "worker/trainer/random/random.h"

#include <bit>
#include <cassert>
#include <cmath>

namespace melsweep {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, RandomStream stream) : Random(seed, stream, 0) {}

Random::Random(std::uint64_t seed, RandomStream stream, std::uint64_t number) {
  // The stream goes through the mixer first: neighbouring seeds and streams must not give related states.
  std::uint64_t mixer = static_cast<std::uint64_t>(stream);
  mixer = splitmix64(mixer) ^ seed;
  if (number > 0) mixer = splitmix64(mixer) ^ number;
  for (std::uint64_t& word : state_) word = splitmix64(mixer);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t Random::below(std::uint64_t bound) {
  assert(bound >= 1);
  // Numbers under the threshold would make the low remainders likelier.
  const std::uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t number = next();
    if (number >= threshold) return number % bound;
  }
}

double Random::truncated_normal() {
  // By rejection from the uniform on [-2, 2): exp() only decides, so that its last bit, which differs between
  // mathematical libraries, practically never shows.
  for (;;) {
    const double x = 4.0 * uniform() - 2.0;
    if (uniform() < std::exp(-0.5 * x * x)) return x;
  }
}

double Random::beta(double alpha) {
  // pow() differs in its last bit between mathematical libraries: it decides, or is rounded away.
  constexpr double kSteps = 0x1p20;
  for (;;) {
    const double x = uniform();
    const double y = uniform();
    if (alpha >= 1.0) {
      // By rejection from the uniform.
      if (y < std::pow(4.0 * x * (1.0 - x), alpha - 1.0)) return std::round(x * kSteps) / kSteps;
      continue;
    }
    // Joehnk, Erzeugung von betaverteilten und gammaverteilten Zufallszahlen, Metrika 8 (1964).
    const double one = std::pow(x, 1.0 / alpha);
    const double sum = one + std::pow(y, 1.0 / alpha);
    if (sum > 0.0 && sum <= 1.0) return std::round(one / sum * kSteps) / kSteps;
  }
}

}  // namespace melsweep

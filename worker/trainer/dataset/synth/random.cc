#include "worker/trainer/dataset/synth/random.h"

namespace melsweep::synth {

Random::Random(std::initializer_list<std::uint64_t> key) : state_(0) {
  for (const std::uint64_t number : key) {
    state_ ^= number;
    state_ = next();
  }
}

std::uint64_t Random::next() {
  state_ += 0x9E3779B97F4A7C15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

double Random::uniform(double low, double high) {
  const double unit = static_cast<double>(next() >> 11) * 0x1p-53;
  return low + (high - low) * unit;
}

int Random::integer(int low, int high) {
  const auto count = static_cast<std::uint64_t>(std::int64_t{high} - low + 1);
  return low + static_cast<int>(next() % count);
}

bool Random::chance(double probability) {
  return uniform(0.0, 1.0) < probability;
}

}  // namespace melsweep::synth

#include "worker/trainer/variants/gain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace melsweep::variants {
namespace {

// Between its ends the factor goes straight, which with so many pieces is even in dB to 0.002 dB.
constexpr std::size_t kPieces = 256;

// pow() differs in its last bit between mathematical libraries: rounded away.
double factor(double db) {
  return static_cast<double>(static_cast<float>(std::pow(10.0, db / 20.0)));
}

}  // namespace

void change_gain(std::span<float> samples, double gain_db, Random random) {
  const double begin_db = gain_db * (2.0 * random.uniform() - 1.0);
  const double end_db = gain_db * (2.0 * random.uniform() - 1.0);
  std::array<double, kPieces + 1> factors{};
  for (std::size_t i = 0; i <= kPieces; ++i)
    factors[i] = factor(begin_db + (end_db - begin_db) * (static_cast<double>(i) / kPieces));
  const double scale =
      static_cast<double>(kPieces) / static_cast<double>(std::max<std::size_t>(samples.size(), 1));
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double position = static_cast<double>(n) * scale;
    const std::size_t piece = std::min(static_cast<std::size_t>(position), kPieces - 1);
    const double within = position - static_cast<double>(piece);
    const double gain = factors[piece] + (factors[piece + 1] - factors[piece]) * within;
    samples[n] = static_cast<float>(static_cast<double>(samples[n]) * gain);
  }
}

}  // namespace melsweep::variants

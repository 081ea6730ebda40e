#include "worker/trainer/variants/time_shift.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace melsweep::variants {
namespace {

constexpr double kFade_s = 0.005;

}  // namespace

void shift_in_time(std::span<float> samples, int sample_rate, double shift_s, Random random) {
  const auto count = static_cast<std::int64_t>(samples.size());
  if (count == 0) return;
  const std::int64_t moved = std::llround(shift_s * sample_rate * (2.0 * random.uniform() - 1.0));
  const std::int64_t stitch = (moved % count + count) % count;  // where the clip's beginning now is
  if (stitch == 0) return;
  std::rotate(samples.begin(), samples.end() - stitch, samples.end());
  const std::int64_t fade = std::min({std::llround(kFade_s * sample_rate), static_cast<long long>(stitch),
                                      static_cast<long long>(count - stitch)});
  for (std::int64_t i = 0; i < fade; ++i) {
    const double factor = (static_cast<double>(i) + 0.5) / static_cast<double>(fade);
    for (const std::int64_t n : {stitch + i, stitch - 1 - i}) {
      float& sample = samples[static_cast<std::size_t>(n)];
      sample = static_cast<float>(static_cast<double>(sample) * factor);
    }
  }
}

}  // namespace melsweep::variants

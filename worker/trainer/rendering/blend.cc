#include "worker/trainer/rendering/blend.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace melsweep::rendering {

Blend blend(double begin, double end, std::size_t samples) {
  assert(begin < end && samples > 0);
  const double last = static_cast<double>(samples - 1);
  const double centre = std::clamp((begin + end) / 2.0, 0.0, last);
  const double reach = std::max(end - begin, 1.0);
  const auto first = static_cast<std::size_t>(std::max(std::ceil(centre - reach), 0.0));
  const auto beyond = static_cast<std::size_t>(std::min(std::floor(centre + reach), last)) + 1;
  Blend blend{.first = first, .weights = std::vector<float>(beyond - first)};
  double sum = 0.0;
  for (std::size_t i = first; i < beyond; ++i) {
    const double weight = std::max(1.0 - std::abs(static_cast<double>(i) - centre) / reach, 0.0);
    blend.weights[i - first] = static_cast<float>(weight);
    sum += weight;
  }
  for (float& weight : blend.weights) weight = static_cast<float>(weight / sum);
  return blend;
}

}  // namespace melsweep::rendering

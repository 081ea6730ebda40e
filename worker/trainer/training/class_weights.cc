#include "worker/trainer/training/class_weights.h"

#include <algorithm>

namespace melsweep::training {

std::vector<float> class_weights(ClassWeights kind, std::span<const int> labels, std::size_t classes) {
  if (kind == ClassWeights::kNone) return {};
  std::vector<std::size_t> counts(classes, 0);
  for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
  const auto present = static_cast<double>(classes) - static_cast<double>(std::ranges::count(counts, 0U));
  std::vector<float> weights;
  for (const std::size_t count : counts) {
    const double share = present * static_cast<double>(count);
    weights.push_back(count == 0 ? 0.0F : static_cast<float>(static_cast<double>(labels.size()) / share));
  }
  return weights;
}

}  // namespace melsweep::training

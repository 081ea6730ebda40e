#include "worker/trainer/training/head_weights.h"

#include "worker/trainer/random/random.h"

namespace melsweep::training {

HeadWeights initial_head(std::size_t classes, std::size_t features, std::uint64_t seed) {
  constexpr double kDeviation = 0.001;
  Random random(seed, RandomStream::kHeadWeights);
  HeadWeights head{.classes = classes,
                   .features = features,
                   .weight = std::vector<float>(classes * features),
                   .bias = std::vector<float>(classes, 0.0F)};
  for (float& weight : head.weight) weight = static_cast<float>(kDeviation * random.truncated_normal());
  return head;
}

}  // namespace melsweep::training

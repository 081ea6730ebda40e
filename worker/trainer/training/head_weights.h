// The classifying layer: bottlenecks [2048] to logits [classes].
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace melsweep::training {

struct HeadWeights {
  std::size_t classes = 0;
  std::size_t features = 0;
  std::vector<float> weight;  // [classes, features]
  std::vector<float> bias;    // [classes]
};

// Where every trial starts: weights from a normal with deviation 0.001 truncated at two deviations, biases 0,
// as TensorFlow's image retraining script began.
HeadWeights initial_head(std::size_t classes, std::size_t features, std::uint64_t seed);

}  // namespace melsweep::training

// Inception v3's trunk for inference by libtorch, on any device: how GPUs compute it.
#pragma once

#include <torch/torch.h>

#include <span>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/inception/network.h"

namespace melsweep::inception {

// For batches of one size. Not thread-safe. Throws what libtorch throws.
class NetworkTrunk {
 public:
  // Takes the network over, folds it and brings it to the device, and computes in that precision.
  NetworkTrunk(const InceptionV3& network, const torch::Device& device, int batch_size, Precision precision);

  // The batch's pictures, [batch_size, 3, 299, 299] in [0, 1], written by the caller before run().
  std::span<float> pictures();
  // pictures() to bottlenecks, [batch_size, 2048]; valid until the next run().
  std::span<const float> run();

 private:
  InceptionV3 network_;
  torch::TensorOptions there_;  // the device, and the precision
  torch::Tensor pictures_;      // on the CPU, float32
  torch::Tensor bottlenecks_;   // likewise
};

}  // namespace melsweep::inception

// Softmax regression on bottlenecks by plain stochastic gradient descent, on one thread. No part of libtorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/trainer/training/head_kernels.h"
#include "worker/trainer/training/head_weights.h"

namespace melsweep::training {

// The result depends on the arguments alone; on processors with fused multiply-add to the last bit. Not
// thread-safe.
class HeadTrainer {
 public:
  // learning_rate is constant: weights -= learning_rate * gradient of the minibatch's mean cross-entropy.
  HeadTrainer(const HeadWeights& start, double learning_rate, const HeadKernels& kernels = head_kernels());

  // One update. rows[i]: the bottleneck, [features], of the minibatch's i-th example; labels[i] in [0,
  // classes). Returns the mean cross-entropy before the update, in nats; it is not finite once training has
  // diverged, and then the weights are worthless.
  double step(std::span<const float* const> rows, std::span<const int> labels);

  // out: [rows, classes], written.
  void logits(std::span<const float* const> rows, std::span<float> out) const;

  HeadWeights weights() const;

  // As if training had started from them; of the same shape.
  void set_weights(const HeadWeights& weights);

 private:
  void descend();

  const HeadKernels& kernels_;
  std::size_t classes_;
  std::size_t features_;
  float learning_rate_;
  std::vector<float> weight_;    // [classes, head_stride(features)]
  std::vector<float> gradient_;  // the same; zero between steps
  std::vector<float> bias_;
  std::vector<float> bias_gradient_;
  std::vector<float> logits_;  // of a block of examples; then what they are wrong by
};

}  // namespace melsweep::training

// Softmax regression for several heads at once, on one thread. No part of libtorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/trainer/training/aligned_array.h"
#include "worker/trainer/training/bf16_kernels.h"
#include "worker/trainer/training/head.h"
#include "worker/trainer/training/head_kernels.h"
#include "worker/trainer/training/mixup.h"

namespace melsweep::training {

// Heads that see the same examples are computed together: the bottlenecks are read once for all. Whatever the
// company, a head's numbers are those that it has alone, to the last bit; they depend on the arguments only,
// and on processors with fused multiply-add not on the processor. The heads of a call are of one shape, and
// of the precision that its rows are of.
//
// Holds no more than scratch memory; not thread-safe.
class HeadGroup {
 public:
  explicit HeadGroup(const HeadKernels& kernels = head_kernels(), const Bf16Kernels& bf16 = bf16_kernels())
      : kernels_(kernels), bf16_(bf16) {}

  // Update number `step`, from 1, of each head, by the gradient of the minibatch's mean cross-entropy: the
  // weighted mean where the head has class weights, of mixed examples where it mixes them.
  // rows[i]: the bottleneck, [features], of the minibatch's i-th example; labels[i] in [0, classes).
  // losses[h]: that mean before the update, in nats; it is not finite once training has
  // diverged, and then the head is worthless.
  // next: the rows of the minibatch that follows, as many, which are fetched from memory meanwhile; none
  // where that is not known.
  void step(std::span<Head* const> heads, std::int64_t step, std::span<const float* const> rows,
            std::span<const int> labels, std::span<double> losses, std::span<const float* const> next = {});
  // rows[i]: [bf16_stride(features)], 0 beyond the features.
  void step(std::span<Head* const> heads, std::int64_t step, std::span<const Bf16* const> rows,
            std::span<const int> labels, std::span<double> losses, std::span<const Bf16* const> next = {});

  // out[h]: [rows, classes], written; by heads of either precision.
  void logits(std::span<Head* const> heads, std::span<const float* const> rows,
              std::span<const std::span<float>> out);

 private:
  template <class Rows>
  void step_on(const Rows& rows, std::span<Head* const> heads, std::int64_t step, std::span<const int> labels,
               std::span<double> losses);
  // Fills columns_.
  void look_at(std::span<Head* const> heads);
  // Fills products_, with the logits less the biases.
  void multiply(const HeadRows& rows);
  void multiply(const Bf16Rows& rows);
  // Turns products_ to errors.
  void find_errors(std::span<Head* const> heads, std::int64_t step, std::span<const int> labels,
                   std::span<double> losses);
  // Those of one head, whose examples do not count alike or are mixed; `first` is its first column. The loss.
  double find_weighted_errors(Head& head, std::size_t first, std::int64_t step, std::span<const int> labels);
  // What the examples are to be; filled, with the mixing, where there is one.
  void set_targets(const Head& head, const Mixing* mixing, std::span<const int> labels);
  // The logits of examples are those of mixed ones, since a head is linear; and errors of mixed examples are
  // errors of theirs.
  void mix_products(const Mixing& mixing, std::size_t column);
  void unmix_errors(const Mixing& mixing, std::size_t column);
  // The products of a column by example.
  float& product(std::size_t example, std::size_t column);
  // Fills updates_, and updates the biases.
  void look_up_updates(std::span<Head* const> heads, std::int64_t step, std::size_t blocks);
  // Updates the weights.
  void descend(const HeadRows& rows);
  void descend(const Bf16Rows& rows);
  // By the errors from its first class on.
  void descend_biases(Head& head, const HeadUpdate& update, const float* errors, std::size_t blocks);

  const HeadKernels& kernels_;
  const Bf16Kernels& bf16_;
  std::vector<HeadColumn> columns_;           // of all heads
  std::vector<const float*> weights_;         // theirs
  std::vector<const Bf16*> rounded_weights_;  // theirs, while a bfloat16 step is taken
  std::vector<HeadUpdate> updates_;           // of each head
  AlignedFloats products_;                    // in the kernels' order
  AlignedArray<Bf16> rounded_errors_;         // likewise
  AlignedArray<std::uint32_t> pairs_;         // of examples
  AlignedFloats bias_gradient_;
  // Of each example, as HeadTargets'.
  std::vector<float> shares_;
  std::vector<int> others_;
  std::vector<float> other_shares_;
  std::vector<float> column_;  // a column's products, by example
};

}  // namespace melsweep::training

// One head in training. No part of libtorch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/training/aligned_array.h"
#include "worker/trainer/training/bf16.h"
#include "worker/trainer/training/head_kernels.h"
#include "worker/trainer/training/head_weights.h"

namespace melsweep::training {

// All that the next step depends on, but for its number.
struct HeadState {
  HeadWeights weights;
  // What the optimizer remembers of each, in the same shape (optimizer.h); absent where nothing.
  std::optional<HeadWeights> first{};
  std::optional<HeadWeights> second{};
};

// What a head learns from its examples, beside TrainingSettings.
struct HeadLoss {
  std::vector<float> class_weights{};  // [classes]; empty: all 1
  std::uint64_t seed = 0;              // of mixup
};

// HeadGroup steps it. Not thread-safe.
class Head {
 public:
  Head(const HeadWeights& start, const TrainingSettings& training, HeadLoss loss = {});

  std::size_t classes() const { return classes_; }
  std::size_t features() const { return features_; }
  const TrainingSettings& training() const { return training_; }
  const HeadLoss& loss() const { return loss_; }

  HeadState state() const;

  // Goes on from what state() gave of a head of this shape and optimizer.
  void set_state(const HeadState& state);

  // Class c as the kernels see it, without an update.
  HeadColumn column(std::size_t c);
  // The biases as if they were one: [head_stride(classes)].
  HeadColumn biases();

 private:
  struct Numbers {
    AlignedFloats weight;  // [classes, head_stride(features)]
    AlignedFloats bias;    // [head_stride(classes)]
  };

  Numbers zeros() const;
  void put(const HeadWeights& from, Numbers& to) const;
  void round_weights();
  HeadWeights take(const Numbers& from) const;

  std::size_t classes_;
  std::size_t features_;
  TrainingSettings training_;
  HeadLoss loss_;
  Numbers weights_;
  std::optional<Numbers> first_;
  std::optional<Numbers> second_;
  AlignedArray<Bf16> rounded_;  // weights_.weight, [classes, bf16_stride(features)]; with kBfloat16
};

}  // namespace melsweep::training

#include "worker/trainer/training/head.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "worker/trainer/training/bf16_kernels.h"
#include "worker/trainer/training/optimizer.h"

namespace melsweep::training {

Head::Head(const HeadWeights& start, const TrainingSettings& training, HeadLoss loss)
    : classes_(start.classes),
      features_(start.features),
      training_(training),
      loss_(std::move(loss)),
      weights_(zeros()) {
  assert(loss_.class_weights.empty() || loss_.class_weights.size() == classes_);
  put(start, weights_);
  const OptimizerMemory memory = memory_of(training.optimizer);
  if (memory.first) first_ = zeros();
  if (memory.second) second_ = zeros();
  if (training.precision == Precision::kBfloat16) {
    rounded_ = AlignedArray<Bf16>(classes_ * bf16_stride(features_));
    round_weights();
  }
}

void Head::round_weights() {
  if (rounded_.size() == 0) return;
  for (std::size_t c = 0; c < classes_; ++c) {
    std::transform(weights_.weight.data() + c * head_stride(features_),
                   weights_.weight.data() + c * head_stride(features_) + features_,
                   rounded_.data() + c * bf16_stride(features_), to_bf16);
  }
}

Head::Numbers Head::zeros() const {
  return {.weight = AlignedFloats(classes_ * head_stride(features_)),
          .bias = AlignedFloats(head_stride(classes_))};
}

void Head::put(const HeadWeights& from, Numbers& to) const {
  assert(from.classes == classes_ && from.features == features_);
  for (std::size_t c = 0; c < classes_; ++c) {
    std::copy_n(from.weight.data() + c * features_, features_, to.weight.data() + c * head_stride(features_));
  }
  std::copy_n(from.bias.data(), classes_, to.bias.data());
}

HeadWeights Head::take(const Numbers& from) const {
  HeadWeights to{.classes = classes_,
                 .features = features_,
                 .weight = std::vector<float>(classes_ * features_),
                 .bias = std::vector<float>(from.bias.data(), from.bias.data() + classes_)};
  for (std::size_t c = 0; c < classes_; ++c) {
    std::copy_n(from.weight.data() + c * head_stride(features_), features_, to.weight.data() + c * features_);
  }
  return to;
}

HeadColumn Head::column(std::size_t c) {
  const std::size_t offset = c * head_stride(features_);
  return {.weight = weights_.weight.data() + offset,
          .first = first_ ? first_->weight.data() + offset : nullptr,
          .second = second_ ? second_->weight.data() + offset : nullptr,
          .rounded = rounded_.size() > 0 ? rounded_.data() + c * bf16_stride(features_) : nullptr};
}

HeadColumn Head::biases() {
  return {.weight = weights_.bias.data(),
          .first = first_ ? first_->bias.data() : nullptr,
          .second = second_ ? second_->bias.data() : nullptr};
}

HeadState Head::state() const {
  HeadState state{.weights = take(weights_)};
  if (first_) state.first = take(*first_);
  if (second_) state.second = take(*second_);
  return state;
}

void Head::set_state(const HeadState& state) {
  assert(state.first.has_value() == first_.has_value() && state.second.has_value() == second_.has_value());
  put(state.weights, weights_);
  round_weights();
  if (first_) put(*state.first, *first_);
  if (second_) put(*state.second, *second_);
}

}  // namespace melsweep::training

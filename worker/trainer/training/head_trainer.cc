#include "worker/trainer/training/head_trainer.h"

#include <algorithm>
#include <cassert>

#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

// Both products of a step look at the same bottlenecks: a block of them, 64 kB, stays in a near cache between
// the two.
constexpr std::size_t kBlockRows = 8;

}  // namespace

HeadTrainer::HeadTrainer(const HeadWeights& start, double learning_rate, const HeadKernels& kernels)
    : kernels_(kernels),
      classes_(start.classes),
      features_(start.features),
      learning_rate_(static_cast<float>(learning_rate)),
      weight_(classes_ * head_stride(features_), 0.0F),
      gradient_(weight_.size(), 0.0F),
      bias_(classes_, 0.0F),
      bias_gradient_(classes_, 0.0F),
      logits_(kBlockRows * classes_) {
  set_weights(start);
}

double HeadTrainer::step(std::span<const float* const> rows, std::span<const int> labels) {
  assert(!rows.empty() && rows.size() == labels.size());
  const float share = 1.0F / static_cast<float>(rows.size());
  double loss = 0.0;
  for (std::size_t begin = 0; begin < rows.size(); begin += kBlockRows) {
    const auto block = rows.subspan(begin, std::min(kBlockRows, rows.size() - begin));
    const std::span<float> block_logits = std::span(logits_).first(block.size() * classes_);
    logits(block, block_logits);
    for (std::size_t i = 0; i < block.size(); ++i) {
      const std::span<float> row = block_logits.subspan(i * classes_, classes_);
      const int label = labels[begin + i];
      loss += cross_entropy(row, label);
      // The gradient of cross-entropy by the logits is the probabilities less the truth.
      softmax(row, row);
      row[static_cast<std::size_t>(label)] -= 1.0F;
      for (std::size_t c = 0; c < classes_; ++c) {
        row[c] *= share;
        bias_gradient_[c] += row[c];
      }
    }
    kernels_.accumulate(block.data(), block.size(), features_, block_logits.data(), classes_,
                        gradient_.data());
  }
  descend();
  return loss / static_cast<double>(rows.size());
}

void HeadTrainer::descend() {
  kernels_.add_scaled(weight_.data(), gradient_.data(), -learning_rate_, weight_.size());
  kernels_.add_scaled(bias_.data(), bias_gradient_.data(), -learning_rate_, classes_);
  std::fill(gradient_.begin(), gradient_.end(), 0.0F);
  std::fill(bias_gradient_.begin(), bias_gradient_.end(), 0.0F);
}

void HeadTrainer::logits(std::span<const float* const> rows, std::span<float> out) const {
  assert(out.size() == rows.size() * classes_);
  kernels_.multiply(rows.data(), rows.size(), features_, weight_.data(), classes_, out.data());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += bias_[i % classes_];
}

HeadWeights HeadTrainer::weights() const {
  HeadWeights head{.classes = classes_, .features = features_, .weight = {}, .bias = bias_};
  head.weight.reserve(classes_ * features_);
  for (std::size_t c = 0; c < classes_; ++c) {
    const auto begin = weight_.begin() + static_cast<std::ptrdiff_t>(c * head_stride(features_));
    head.weight.insert(head.weight.end(), begin, begin + static_cast<std::ptrdiff_t>(features_));
  }
  return head;
}

void HeadTrainer::set_weights(const HeadWeights& weights) {
  assert(weights.classes == classes_ && weights.features == features_);
  for (std::size_t c = 0; c < classes_; ++c) {
    std::copy_n(weights.weight.begin() + static_cast<std::ptrdiff_t>(c * features_), features_,
                weight_.begin() + static_cast<std::ptrdiff_t>(c * head_stride(features_)));
  }
  bias_ = weights.bias;
}

}  // namespace melsweep::training

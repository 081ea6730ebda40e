#include "worker/trainer/training/softmax.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace melsweep::training {
namespace {

double greatest(std::span<const float> logits) {
  return *std::max_element(logits.begin(), logits.end());
}

double sum_of_exponentials(std::span<const float> logits, double shift) {
  double sum = 0.0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - shift);
  return sum;
}

}  // namespace

double cross_entropy(std::span<const float> logits, int label) {
  assert(label >= 0 && static_cast<std::size_t>(label) < logits.size());
  const double shift = greatest(logits);
  const double of_label = logits[static_cast<std::size_t>(label)];
  return std::log(sum_of_exponentials(logits, shift)) - (of_label - shift);
}

void softmax(std::span<const float> logits, std::span<float> probabilities) {
  assert(!logits.empty() && logits.size() == probabilities.size());
  const double shift = greatest(logits);
  const double sum = sum_of_exponentials(logits, shift);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    probabilities[i] = static_cast<float>(std::exp(static_cast<double>(logits[i]) - shift) / sum);
  }
}

int argmax(std::span<const float> values) {
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace melsweep::training

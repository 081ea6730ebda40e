// Softmax and cross-entropy, in double precision.
#pragma once

#include <span>

namespace melsweep::training {

// The cross-entropy of one example, in nats: log(sum(exp(logits))) - logits[label], stable for large logits.
// Not finite where a logit is not.
double cross_entropy(std::span<const float> logits, int label);

// logits -> probabilities, which sum to 1.
void softmax(std::span<const float> logits, std::span<float> probabilities);

// The first of the largest; 0 where none compares (all NaN).
int argmax(std::span<const float> values);

}  // namespace melsweep::training

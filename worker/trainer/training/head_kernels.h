// The arithmetic of softmax regression, for several heads that see the same examples, on one thread.
#pragma once

#include <cstddef>

#include "worker/trainer/training/bf16.h"

namespace melsweep::training {

// Examples go through the kernels in blocks of so many: one lane each.
inline constexpr std::size_t kHeadBlock = 16;

// Blocks that hold so many examples.
constexpr std::size_t head_blocks(std::size_t examples) {
  return (examples + kHeadBlock - 1) / kHeadBlock;
}

// Floats from one class's weights to the next's: multiples of a vector, with room for updates of up to four
// vectors at the end of the features. Not the number of features: 2048 floats are a multiple of the distance
// at which addresses compete for the same place in a first-level cache.
constexpr std::size_t head_stride(std::size_t features) {
  return (features + 63) / 64 * 64 + 16;
}

// The bottlenecks of a minibatch: rows given by pointers (they lie in a table or in mapped files, in any
// order and alignment).
struct HeadRows {
  const float* const* rows = nullptr;  // [count], each [features]
  std::size_t count = 0;
  std::size_t features = 0;
  // [count] or null: the rows of the minibatch that follows, which are fetched from memory meanwhile.
  const float* const* next = nullptr;
};

// How a gradient g becomes an update of a weight w, which remembers
//   m = momentum * m + share * g
//   v = averaging * v + square_share * g * g;
// PyTorch 1.13's definitions.
enum class HeadRule {
  kDescent,   // w -= rate * g
  kMomentum,  // w -= rate * m
  kNesterov,  // w -= rate * (g + momentum * m)
  kRmsprop,   // w -= rate * g / (sqrt(v) + epsilon)
  kAdam,      // w -= rate * m / (sqrt(v) / root_correction + epsilon)
};

// Before it g += decay * w, and then w *= shrink.
struct HeadUpdate {
  HeadRule rule = HeadRule::kDescent;
  float rate = 0.0F;
  float momentum = 0.0F;
  float share = 1.0F;
  float averaging = 0.0F;
  float square_share = 1.0F;
  float root_correction = 1.0F;
  float epsilon = 0.0F;
  float decay = 0.0F;
  float shrink = 1.0F;
};

// One class of one head, and how it learns in this step.
struct HeadColumn {
  const HeadUpdate* update = nullptr;
  float* weight = nullptr;  // [head_stride(features)]; what lies beyond the features is 0, and stays it
  float* first = nullptr;   // m, likewise; null where the rule has none
  float* second = nullptr;  // v, likewise
  Bf16* rounded = nullptr;  // the weights, [bf16_stride(features)] (bf16_kernels.h); null with float32
};

// What the examples of a block are to be: of each one label, and perhaps another one beside it.
struct HeadTargets {
  const int* labels = nullptr;          // [count]
  const float* shares = nullptr;        // [count], of the labels in the loss
  const int* others = nullptr;          // [count]; null where there are none
  const float* other_shares = nullptr;  // [count], theirs
  std::size_t count = 0;
};

// Numbers of examples and columns ("products" and "errors") lie block by block, in a block column by column:
// [head_blocks(count), columns, kHeadBlock]. Every sum is taken in an order of its own that depends neither
// on the other columns nor on the width of the machine's vectors: a head learns the same bits alone and in
// any company, on every processor with fused multiply-add.
struct HeadKernels {
  // products of example i and column c = sum over f of rows[i][f] * weights[c][f]. What belongs to no example
  // is not written.
  void (*multiply)(const HeadRows& rows, const float* const* weights, std::size_t columns, float* products);

  // Of one head in one block: logits - bias [classes, kHeadBlock] to the gradient of the minibatch's loss by
  // the logits: (softmax - truth) * share, 0 beyond `count` examples. Returns the sum of the examples'
  // cross-entropies, in nats; not finite where a logit is not.
  double (*find_errors)(float* products, std::size_t classes, const float* bias, const int* labels,
                        std::size_t count, float share);

  // The same of examples that count differently: the gradient of the sum over them of
  //   shares * cross-entropy of labels + other_shares * cross-entropy of others.
  // Returns that sum.
  double (*find_weighted_errors)(float* products, std::size_t classes, const float* bias,
                                 const HeadTargets& targets);

  // The gradient by each column's weights, sum over i of errors of i and c * rows[i][f], and at once the
  // update by it.
  void (*descend)(const HeadRows& rows, const float* errors, const HeadColumn* columns, std::size_t count);

  // One update by a gradient that is given; `count` is a multiple of 16, `first` and `second` as
  // HeadColumn's.
  void (*update)(const HeadUpdate& how, const float* gradient, float* weight, float* first, float* second,
                 std::size_t count);

  const char* name;  // "avx512", "avx2", "baseline"
};

// The fastest that this processor runs.
const HeadKernels& head_kernels();

// Each for its own instruction set; only the baseline runs everywhere. For tests and benchmarks: all that
// this processor runs, the baseline first, a null pointer after the last.
const HeadKernels* const* runnable_head_kernels();

}  // namespace melsweep::training

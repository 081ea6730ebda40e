// Which examples each step sees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/trainer/training/random.h"

namespace melsweep::training {

// Shuffled passes over the examples, cut into minibatches one after the other: every pass holds each example
// once, and a minibatch may straddle passes. The order within the passes depends on the seed and the number
// of examples, not on the size of the minibatches. One that would be larger than the set is the whole set: no
// example twice, whatever the size. Not thread-safe.
class Minibatches {
 public:
  // Both at least 1.
  Minibatches(std::size_t examples, std::size_t batch_size, std::uint64_t seed);

  // [min(batch_size, examples)] indices below `examples`; valid until the next call.
  std::span<const std::uint32_t> next();

  // What `steps` calls of next() would pass over, at the cost of the shuffles alone.
  void skip(std::int64_t steps);

 private:
  void shuffle();

  Random random_;
  std::vector<std::uint32_t> order_;
  std::size_t position_ = 0;  // in order_
  std::vector<std::uint32_t> batch_;
};

}  // namespace melsweep::training

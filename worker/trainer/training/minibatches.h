// Which examples each step sees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "shared/model/settings.h"
#include "worker/trainer/random/random.h"

namespace melsweep::training {

// Shuffled passes over some numbers, one after the other: every pass holds each of them once.
class Passes {
 public:
  explicit Passes(std::vector<std::uint32_t> numbers)
      : order_(std::move(numbers)), position_(order_.size()) {}

  std::uint32_t next(Random& random);
  // What `count` calls of next() would pass over, at the cost of the shuffles alone.
  void skip(std::uint64_t count, Random& random);

 private:
  void shuffle(Random& random);

  std::vector<std::uint32_t> order_;
  std::size_t position_;
};

// A sequence of examples, cut into minibatches one after the other. Its order depends on the seed and the
// examples, not on the size of the minibatches. One that would be larger than the set is as large as the set.
// Not thread-safe.
//
// kShuffled: shuffled passes over the examples; a minibatch may straddle two. kBalanced: shuffled rounds of
// the classes, each giving the next example of its own shuffled passes; a class without examples takes no
// part.
class Minibatches {
 public:
  // labels: of the examples, at least one. batch_size: at least 1.
  Minibatches(std::span<const int> labels, Sampling sampling, std::size_t batch_size, std::uint64_t seed);

  // [min(batch_size, examples)] indices of examples; valid until the next call.
  std::span<const std::uint32_t> next();

  // What next() will give; valid until then.
  std::span<const std::uint32_t> upcoming() const { return upcoming_; }

  // What `steps` calls of next() would pass over.
  void skip(std::int64_t steps);

 private:
  std::uint32_t next_example();
  void draw_upcoming();

  Random random_;
  std::vector<Passes> examples_;      // of each class that has some; kShuffled: of all
  Passes rounds_;                     // of the places in examples_
  std::vector<std::uint32_t> batch_;  // what next() gave
  std::vector<std::uint32_t> upcoming_;
};

}  // namespace melsweep::training

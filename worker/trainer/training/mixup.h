// mixup (Zhang and others, 2018, arXiv:1710.09412): a model learns from examples that are mixed two by two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace melsweep::training {

// How the examples of one minibatch are mixed: the i-th becomes
//   share * example i + (1 - share) * example partners[i],
// and so do their labels. The partners are a permutation.
struct Mixing {
  float share = 1.0F;
  std::vector<std::uint32_t> partners;  // places in the minibatch
};

// Of the minibatch of step `step`: depends on the arguments alone. The share is drawn from Beta(alpha,
// alpha).
Mixing draw_mixing(std::uint64_t seed, std::int64_t step, std::size_t examples, double alpha);

}  // namespace melsweep::training

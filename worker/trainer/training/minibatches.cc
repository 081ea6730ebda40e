#include "worker/trainer/training/minibatches.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace melsweep::training {

Minibatches::Minibatches(std::size_t examples, std::size_t batch_size, std::uint64_t seed)
    : random_(seed, RandomStream::kMinibatches),
      order_(examples),
      position_(examples),
      batch_(std::min(batch_size, examples)) {
  assert(examples >= 1 && batch_size >= 1);
  std::iota(order_.begin(), order_.end(), 0U);
}

std::span<const std::uint32_t> Minibatches::next() {
  for (std::uint32_t& index : batch_) {
    if (position_ == order_.size()) shuffle();
    index = order_[position_++];
  }
  return batch_;
}

void Minibatches::skip(std::int64_t steps) {
  std::uint64_t left = static_cast<std::uint64_t>(steps) * batch_.size();
  for (std::uint64_t in_pass = order_.size() - position_; left > in_pass; in_pass = order_.size()) {
    left -= in_pass;
    shuffle();
  }
  position_ += static_cast<std::size_t>(left);
}

void Minibatches::shuffle() {
  for (std::size_t i = order_.size() - 1; i > 0; --i) {
    std::swap(order_[i], order_[random_.below(i + 1)]);
  }
  position_ = 0;
}

}  // namespace melsweep::training

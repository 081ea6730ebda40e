#include "worker/trainer/training/minibatches.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>
#include <utility>

namespace melsweep::training {
namespace {

std::vector<std::uint32_t> numbers_below(std::size_t end) {
  std::vector<std::uint32_t> numbers(end);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return numbers;
}

std::vector<Passes> passes_over(std::span<const int> labels, Sampling sampling) {
  if (sampling == Sampling::kShuffled) return {Passes(numbers_below(labels.size()))};
  std::map<int, std::vector<std::uint32_t>> of_class;
  for (std::size_t i = 0; i < labels.size(); ++i)
    of_class[labels[i]].push_back(static_cast<std::uint32_t>(i));
  std::vector<Passes> passes;
  passes.reserve(of_class.size());
  for (auto& [label, examples] : of_class) passes.emplace_back(std::move(examples));
  return passes;
}

}  // namespace

std::uint32_t Passes::next(Random& random) {
  if (position_ == order_.size()) shuffle(random);
  return order_[position_++];
}

void Passes::skip(std::uint64_t count, Random& random) {
  for (std::uint64_t in_pass = order_.size() - position_; count > in_pass; in_pass = order_.size()) {
    count -= in_pass;
    shuffle(random);
  }
  position_ += static_cast<std::size_t>(count);
}

void Passes::shuffle(Random& random) {
  for (std::size_t i = order_.size() - 1; i > 0; --i) std::swap(order_[i], order_[random.below(i + 1)]);
  position_ = 0;
}

Minibatches::Minibatches(std::span<const int> labels, Sampling sampling, std::size_t batch_size,
                         std::uint64_t seed)
    : random_(seed, RandomStream::kMinibatches),
      examples_(passes_over(labels, sampling)),
      rounds_(numbers_below(examples_.size())),
      upcoming_(std::min(batch_size, labels.size())) {
  assert(!labels.empty() && batch_size >= 1);
  draw_upcoming();
}

std::uint32_t Minibatches::next_example() {
  const std::size_t place = examples_.size() == 1 ? 0 : rounds_.next(random_);
  return examples_[place].next(random_);
}

void Minibatches::draw_upcoming() {
  for (std::uint32_t& index : upcoming_) index = next_example();
}

std::span<const std::uint32_t> Minibatches::next() {
  std::swap(batch_, upcoming_);
  upcoming_.resize(batch_.size());
  draw_upcoming();
  return batch_;
}

void Minibatches::skip(std::int64_t steps) {
  if (steps == 0) return;
  const std::uint64_t count = static_cast<std::uint64_t>(steps - 1) * upcoming_.size();  // that one is drawn
  if (examples_.size() == 1) {
    examples_[0].skip(count, random_);
  } else {
    for (std::uint64_t i = 0; i < count; ++i) next_example();
  }
  draw_upcoming();
}

}  // namespace melsweep::training

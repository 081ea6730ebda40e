#include "worker/trainer/training/head_group.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "shared/model/augmentation.h"
#include "worker/trainer/training/optimizer.h"

namespace melsweep::training {
namespace {

template <class Number>
void make_room(AlignedArray<Number>& numbers, std::size_t size) {
  if (numbers.size() < size) numbers = AlignedArray<Number>(size);
}

// Of one column's errors, which lie `stride` apart from block to block: lane by lane, then halves to halves.
float sum_of(const float* errors, std::size_t blocks, std::size_t stride) {
  std::array<float, kHeadBlock> lanes{};
  for (std::size_t b = 0; b < blocks; ++b, errors += stride) {
    for (std::size_t i = 0; i < kHeadBlock; ++i) lanes[i] += errors[i];
  }
  for (std::size_t width = kHeadBlock / 2; width > 0; width /= 2) {
    for (std::size_t i = 0; i < width; ++i) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}

bool mixes(const Head& head) {
  return includes(head.training().augmentation, Augmentation::kMixup);
}

template <class Rows, class Number>
Rows rows_of(std::span<const Number* const> rows, std::span<const Number* const> next, std::size_t features) {
  assert(next.empty() || next.size() == rows.size());
  return {.rows = rows.data(),
          .count = rows.size(),
          .features = features,
          .next = next.empty() ? nullptr : next.data()};
}

// All examples count alike, and are what they are.
bool learns_plainly(const Head& head) {
  return head.loss().class_weights.empty() && !mixes(head);
}

}  // namespace

void HeadGroup::step(std::span<Head* const> heads, std::int64_t step, std::span<const float* const> rows,
                     std::span<const int> labels, std::span<double> losses,
                     std::span<const float* const> next) {
  step_on(rows_of<HeadRows>(rows, next, heads[0]->features()), heads, step, labels, losses);
}

void HeadGroup::step(std::span<Head* const> heads, std::int64_t step, std::span<const Bf16* const> rows,
                     std::span<const int> labels, std::span<double> losses,
                     std::span<const Bf16* const> next) {
  step_on(rows_of<Bf16Rows>(rows, next, heads[0]->features()), heads, step, labels, losses);
}

template <class Rows>
void HeadGroup::step_on(const Rows& rows, std::span<Head* const> heads, std::int64_t step,
                        std::span<const int> labels, std::span<double> losses) {
  assert(!heads.empty() && rows.count > 0 && rows.count == labels.size() && losses.size() == heads.size());
  look_at(heads);
  multiply(rows);
  find_errors(heads, step, labels, losses);
  look_up_updates(heads, step, head_blocks(rows.count));
  descend(rows);
}

void HeadGroup::look_at(std::span<Head* const> heads) {
  columns_.clear();
  weights_.clear();
  for (Head* head : heads) {
    assert(head->classes() == heads[0]->classes() && head->features() == heads[0]->features());
    for (std::size_t c = 0; c < head->classes(); ++c) {
      columns_.push_back(head->column(c));
      weights_.push_back(columns_.back().weight);
    }
  }
}

void HeadGroup::multiply(const HeadRows& rows) {
  make_room(products_, head_blocks(rows.count) * columns_.size() * kHeadBlock);
  kernels_.multiply(rows, weights_.data(), weights_.size(), products_.data());
}

void HeadGroup::multiply(const Bf16Rows& rows) {
  rounded_weights_.clear();
  for (const HeadColumn& column : columns_) {
    assert(column.rounded != nullptr);
    rounded_weights_.push_back(column.rounded);
  }
  make_room(products_, head_blocks(rows.count) * columns_.size() * kHeadBlock);
  bf16_.multiply(rows, rounded_weights_.data(), rounded_weights_.size(), products_.data());
}

void HeadGroup::find_errors(std::span<Head* const> heads, std::int64_t step, std::span<const int> labels,
                            std::span<double> losses) {
  const std::size_t classes = heads[0]->classes();
  const float share = 1.0F / static_cast<float>(labels.size());
  std::ranges::fill(losses, 0.0);
  float* products = products_.data();
  for (std::size_t begin = 0; begin < labels.size(); begin += kHeadBlock) {
    const auto block = labels.subspan(begin, std::min(kHeadBlock, labels.size() - begin));
    for (std::size_t h = 0; h < heads.size(); ++h, products += classes * kHeadBlock) {
      if (!learns_plainly(*heads[h])) continue;
      losses[h] += kernels_.find_errors(products, classes, heads[h]->biases().weight, block.data(),
                                        block.size(), share);
    }
  }
  for (double& loss : losses) loss /= static_cast<double>(labels.size());
  for (std::size_t h = 0; h < heads.size(); ++h) {
    if (!learns_plainly(*heads[h])) losses[h] = find_weighted_errors(*heads[h], h * classes, step, labels);
  }
}

double HeadGroup::find_weighted_errors(Head& head, std::size_t first, std::int64_t step,
                                       std::span<const int> labels) {
  std::optional<Mixing> mixing;
  if (mixes(head)) {
    mixing = draw_mixing(head.loss().seed, step, labels.size(), head.training().mixup_alpha);
  }
  set_targets(head, mixing ? &*mixing : nullptr, labels);
  const std::size_t end = first + head.classes();
  for (std::size_t c = first; mixing && c < end; ++c) mix_products(*mixing, c);
  double loss = 0.0;
  for (std::size_t begin = 0; begin < labels.size(); begin += kHeadBlock) {
    const HeadTargets targets{.labels = labels.data() + begin,
                              .shares = shares_.data() + begin,
                              .others = mixing ? others_.data() + begin : nullptr,
                              .other_shares = mixing ? other_shares_.data() + begin : nullptr,
                              .count = std::min(kHeadBlock, labels.size() - begin)};
    loss +=
        kernels_.find_weighted_errors(&product(begin, first), head.classes(), head.biases().weight, targets);
  }
  for (std::size_t c = first; mixing && c < end; ++c) unmix_errors(*mixing, c);
  return loss;
}

void HeadGroup::set_targets(const Head& head, const Mixing* mixing, std::span<const int> labels) {
  const std::vector<float>& weights = head.loss().class_weights;
  const auto weight_of = [&weights](int label) {
    return weights.empty() ? 1.0F : weights[static_cast<std::size_t>(label)];
  };
  double total = 0.0;
  for (const int label : labels) total += static_cast<double>(weight_of(label));
  const auto share_of = [&](int label, float part) {
    return static_cast<float>(static_cast<double>(part * weight_of(label)) / total);
  };
  shares_.clear();
  others_.clear();
  other_shares_.clear();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    shares_.push_back(share_of(labels[i], mixing == nullptr ? 1.0F : mixing->share));
    if (mixing == nullptr) continue;
    others_.push_back(labels[mixing->partners[i]]);
    other_shares_.push_back(share_of(others_.back(), 1.0F - mixing->share));
  }
}

float& HeadGroup::product(std::size_t example, std::size_t column) {
  const std::size_t place = example / kHeadBlock * columns_.size() + column;
  return products_.data()[place * kHeadBlock + example % kHeadBlock];
}

void HeadGroup::mix_products(const Mixing& mixing, std::size_t column) {
  const std::size_t count = mixing.partners.size();
  column_.resize(count);
  for (std::size_t i = 0; i < count; ++i) column_[i] = product(i, column);
  const float rest = 1.0F - mixing.share;
  for (std::size_t i = 0; i < count; ++i) {
    product(i, column) = mixing.share * column_[i] + rest * column_[mixing.partners[i]];
  }
}

void HeadGroup::unmix_errors(const Mixing& mixing, std::size_t column) {
  const std::size_t count = mixing.partners.size();
  column_.resize(count);
  for (std::size_t i = 0; i < count; ++i) column_[i] = product(i, column);
  const float rest = 1.0F - mixing.share;
  for (std::size_t i = 0; i < count; ++i) product(i, column) = mixing.share * column_[i];
  for (std::size_t i = 0; i < count; ++i) product(mixing.partners[i], column) += rest * column_[i];
}

void HeadGroup::look_up_updates(std::span<Head* const> heads, std::int64_t step, std::size_t blocks) {
  const std::size_t classes = heads[0]->classes();
  updates_.clear();
  for (const Head* head : heads) updates_.push_back(update_at(head->training(), step));
  for (std::size_t h = 0; h < heads.size(); ++h) {
    for (std::size_t c = 0; c < classes; ++c) columns_[h * classes + c].update = &updates_[h];
    descend_biases(*heads[h], updates_[h], products_.data() + h * classes * kHeadBlock, blocks);
  }
}

void HeadGroup::descend(const HeadRows& rows) {
  kernels_.descend(rows, products_.data(), columns_.data(), columns_.size());
}

void HeadGroup::descend(const Bf16Rows& rows) {
  const std::size_t errors = head_blocks(rows.count) * columns_.size() * kHeadBlock;
  make_room(rounded_errors_, errors);
  make_room(pairs_, bf16_scratch_size(rows.count));
  bf16_.round(products_.data(), rounded_errors_.data(), errors);
  bf16_.descend(rows, rounded_errors_.data(), columns_.data(), columns_.size(), pairs_.data());
}

void HeadGroup::descend_biases(Head& head, const HeadUpdate& update, const float* errors,
                               std::size_t blocks) {
  const std::size_t size = head_stride(head.classes());
  const std::size_t stride = columns_.size() * kHeadBlock;
  make_room(bias_gradient_, size);
  float* gradient = bias_gradient_.data();
  for (std::size_t c = 0; c < head.classes(); ++c) {
    gradient[c] = sum_of(errors + c * kHeadBlock, blocks, stride);
  }
  std::fill(gradient + head.classes(), gradient + size, 0.0F);
  const HeadColumn biases = head.biases();
  kernels_.update(update, gradient, biases.weight, biases.first, biases.second, size);
}

void HeadGroup::logits(std::span<Head* const> heads, std::span<const float* const> rows,
                       std::span<const std::span<float>> out) {
  assert(!heads.empty() && out.size() == heads.size());
  look_at(heads);
  multiply(HeadRows{.rows = rows.data(), .count = rows.size(), .features = heads[0]->features()});
  const std::size_t classes = heads[0]->classes();
  for (std::size_t h = 0; h < heads.size(); ++h) {
    assert(out[h].size() == rows.size() * classes);
    const float* bias = heads[h]->biases().weight;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t column = i / kHeadBlock * columns_.size() + h * classes;
      const float* lane = products_.data() + column * kHeadBlock + i % kHeadBlock;
      for (std::size_t c = 0; c < classes; ++c) out[h][i * classes + c] = lane[c * kHeadBlock] + bias[c];
    }
  }
}

}  // namespace melsweep::training

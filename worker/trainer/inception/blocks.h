// The parts of Inception v3's trunk. Every one turns [n, channels, height, width] into the same with other
// extents.
#pragma once

#include <torch/torch.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "worker/trainer/inception/dialect.h"
#include "worker/trainer/inception/layers.h"

namespace melsweep::inception {

// A convolution that does its BatchNorm's work too.
struct FoldedConvolution {
  torch::Tensor weight;
  torch::Tensor bias;
};
FoldedConvolution fold_batch_norm(const torch::Tensor& weight, const torch::Tensor& scale,
                                  const torch::Tensor& shift, const torch::Tensor& mean,
                                  const torch::Tensor& variance);

// Convolution, BatchNorm, ReLU. BatchNorm always normalises with its stored statistics and never changes
// them, whether it learns or not: a trial's minibatches are small, so their own statistics would be noise,
// would make one clip's output depend on its neighbours', and would differ from those used for evaluation.
// Its scale and shift do learn.
class ConvUnit : public torch::nn::Module {
 public:
  explicit ConvUnit(const ConvLayer& layer);

  torch::Tensor forward(const torch::Tensor& x) const;

  // Puts BatchNorm's affine map into the convolution, rounds to that type, and lays the weights out channels
  // last. From then on the unit only infers, in that type, and its parameters no longer matter.
  void fold(torch::Dtype dtype);

 private:
  std::array<std::int64_t, 2> stride_;
  std::array<std::int64_t, 2> padding_;
  torch::Tensor weight_;  // "conv.weight"; no nn::Conv2d, which would draw from libtorch's generator
  torch::nn::BatchNorm2d bn_;
  torch::Tensor folded_weight_;  // undefined until fold()
  torch::Tensor folded_bias_;
};

// A stage of the trunk: the units whose names start with "<name>.", or the stem's.
class Block : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(const torch::Tensor& x) const = 0;

  void fold(torch::Dtype dtype);

 protected:
  explicit Block(std::string_view name);

  // x through the units of these names, one after the other.
  torch::Tensor chain(torch::Tensor x, std::initializer_list<const char*> units) const;

 private:
  std::map<std::string, std::shared_ptr<ConvUnit>, std::less<>> units_;
};

// Everything before the first Mixed block. Its units are named from the network's root.
std::shared_ptr<Block> make_stem();

// The Mixed block kBlockNames[index].
std::shared_ptr<Block> make_block(std::size_t index, PoolPadding padding);

}  // namespace melsweep::inception

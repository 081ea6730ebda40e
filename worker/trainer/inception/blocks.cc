#include "worker/trainer/inception/blocks.h"

#include <stdexcept>
#include <utility>

namespace melsweep::inception {
namespace {

namespace nn = torch::nn;
using torch::Tensor;

Tensor shrink(const Tensor& x) {
  return torch::max_pool2d(x, 3, 2);
}

// The 3 x 3 average that keeps the size: the one place where the dialects' arithmetic differs.
Tensor smooth(const Tensor& x, PoolPadding padding) {
  return torch::avg_pool2d(x, 3, 1, 1, /*ceil_mode=*/false,
                           /*count_include_pad=*/padding == PoolPadding::kCounted);
}

Tensor join(const std::vector<Tensor>& branches) {
  return torch::cat(branches, 1);
}

class Stem : public Block {
 public:
  Stem() : Block("") {}
  Tensor forward(const Tensor& x) const override {
    const Tensor first = shrink(chain(x, {"Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"}));
    return shrink(chain(first, {"Conv2d_3b_1x1", "Conv2d_4a_3x3"}));
  }
};

class BlockA : public Block {
 public:
  BlockA(std::string_view name, PoolPadding padding) : Block(name), padding_(padding) {}
  Tensor forward(const Tensor& x) const override {
    return join({chain(x, {"branch1x1"}), chain(x, {"branch5x5_1", "branch5x5_2"}),
                 chain(x, {"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}),
                 chain(smooth(x, padding_), {"branch_pool"})});
  }

 private:
  PoolPadding padding_;
};

class BlockB : public Block {
 public:
  explicit BlockB(std::string_view name) : Block(name) {}
  Tensor forward(const Tensor& x) const override {
    return join({chain(x, {"branch3x3"}), chain(x, {"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}),
                 shrink(x)});
  }
};

class BlockC : public Block {
 public:
  BlockC(std::string_view name, PoolPadding padding) : Block(name), padding_(padding) {}
  Tensor forward(const Tensor& x) const override {
    return join(
        {chain(x, {"branch1x1"}), chain(x, {"branch7x7_1", "branch7x7_2", "branch7x7_3"}),
         chain(x, {"branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"}),
         chain(smooth(x, padding_), {"branch_pool"})});
  }

 private:
  PoolPadding padding_;
};

class BlockD : public Block {
 public:
  explicit BlockD(std::string_view name) : Block(name) {}
  Tensor forward(const Tensor& x) const override {
    return join({chain(x, {"branch3x3_1", "branch3x3_2"}),
                 chain(x, {"branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"}), shrink(x)});
  }
};

class BlockE : public Block {
 public:
  BlockE(std::string_view name, PoolPadding padding) : Block(name), padding_(padding) {}
  Tensor forward(const Tensor& x) const override {
    const Tensor fork = chain(x, {"branch3x3_1"});
    const Tensor deep_fork = chain(x, {"branch3x3dbl_1", "branch3x3dbl_2"});
    return join({chain(x, {"branch1x1"}), chain(fork, {"branch3x3_2a"}), chain(fork, {"branch3x3_2b"}),
                 chain(deep_fork, {"branch3x3dbl_3a"}), chain(deep_fork, {"branch3x3dbl_3b"}),
                 chain(smooth(x, padding_), {"branch_pool"})});
  }

 private:
  PoolPadding padding_;
};

}  // namespace

ConvUnit::ConvUnit(const ConvLayer& layer)
    : stride_{layer.stride, layer.stride},
      padding_{layer.padding[0], layer.padding[1]},
      weight_(register_module("conv", std::make_shared<nn::Module>())
                  ->register_parameter("weight", torch::zeros({layer.out_channels, layer.in_channels,
                                                               layer.kernel[0], layer.kernel[1]}))),
      bn_(register_module(
          "bn", nn::BatchNorm2d(nn::BatchNorm2dOptions(layer.out_channels).eps(kBatchNormEpsilon)))) {}

Tensor ConvUnit::forward(const Tensor& x) const {
  Tensor y;
  if (folded_weight_.defined()) {
    y = torch::conv2d(x, folded_weight_, folded_bias_, stride_, padding_);
  } else {
    y = torch::conv2d(x, weight_, {}, stride_, padding_);
    y = torch::batch_norm(y, bn_->weight, bn_->bias, bn_->running_mean, bn_->running_var, /*training=*/false,
                          /*momentum=*/0.0, kBatchNormEpsilon, /*cudnn_enabled=*/true);
  }
  return torch::relu_(y);
}

FoldedConvolution fold_batch_norm(const Tensor& weight, const Tensor& scale, const Tensor& shift,
                                  const Tensor& mean, const Tensor& variance) {
  const torch::NoGradGuard no_grad;
  const auto wide = [](const Tensor& values) { return values.to(torch::kFloat64); };
  const Tensor factor = wide(scale) / torch::sqrt(wide(variance) + kBatchNormEpsilon);
  return {.weight = (wide(weight) * factor.reshape({-1, 1, 1, 1})).to(torch::kFloat32),
          .bias = (wide(shift) - wide(mean) * factor).to(torch::kFloat32)};
}

void ConvUnit::fold(torch::Dtype dtype) {
  const FoldedConvolution folded =
      fold_batch_norm(weight_, bn_->weight, bn_->bias, bn_->running_mean, bn_->running_var);
  folded_weight_ = folded.weight.to(dtype).contiguous(at::MemoryFormat::ChannelsLast);
  folded_bias_ = folded.bias.to(dtype);
}

Block::Block(std::string_view name) {
  const std::string prefix = name.empty() ? std::string() : std::string(name) + ".";
  for (const ConvLayer& layer : trunk_layers()) {
    const bool in_block = layer.name.find('.') != std::string::npos;
    if (!layer.name.starts_with(prefix) || in_block == name.empty()) continue;
    const std::string unit = layer.name.substr(prefix.size());
    units_[unit] = register_module(unit, std::make_shared<ConvUnit>(layer));
  }
}

Tensor Block::chain(Tensor x, std::initializer_list<const char*> units) const {
  for (const char* unit : units) x = units_.find(unit)->second->forward(x);
  return x;
}

void Block::fold(torch::Dtype dtype) {
  for (auto& [name, unit] : units_) unit->fold(dtype);
}

std::shared_ptr<Block> make_stem() {
  return std::make_shared<Stem>();
}

std::shared_ptr<Block> make_block(std::size_t index, PoolPadding padding) {
  const std::string_view name = kBlockNames.at(index);
  if (name == "Mixed_6a") return std::make_shared<BlockB>(name);
  if (name == "Mixed_7a") return std::make_shared<BlockD>(name);
  if (name.starts_with("Mixed_5")) return std::make_shared<BlockA>(name, padding);
  if (name.starts_with("Mixed_6")) return std::make_shared<BlockC>(name, padding);
  return std::make_shared<BlockE>(name, padding);
}

}  // namespace melsweep::inception

#include "worker/trainer/inception/fused_trunk.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <dnnl.hpp>
#include <initializer_list>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "worker/trainer/features/embedder.h"
#include "worker/trainer/inception/layers.h"

namespace melsweep::inception {
namespace {

using Dims = dnnl::memory::dims;
using Type = dnnl::memory::data_type;
using Format = dnnl::memory::format_tag;

// Memory of activations that nothing needs any more is used again: what is read next was written not long
// ago, and is still in a cache.
class Activations {
 public:
  // A value of the network. Its memory is free for others once the last copy is gone.
  using Value = std::shared_ptr<const dnnl::memory>;

  explicit Activations(const dnnl::engine& engine) : engine_(engine) {}

  Value allocate(const dnnl::memory::desc& desc) {
    auto best = free_.lower_bound(desc.get_size());
    dnnl::memory storage;
    if (best != free_.end()) {
      storage = best->second;
      free_.erase(best);
    } else {
      storage = dnnl::memory(bytes(desc.get_size()), engine_);
    }
    const std::size_t size = storage.get_desc().get_size();
    auto* view = new dnnl::memory(desc, engine_, storage.get_data_handle());
    return {view, [this, storage, size](const dnnl::memory* value) {
              delete value;
              free_.emplace(size, storage);
            }};
  }

 private:
  static dnnl::memory::desc bytes(std::size_t size) {
    return {{static_cast<std::int64_t>(size)}, Type::u8, Format::a};
  }

  dnnl::engine engine_;
  std::multimap<std::size_t, dnnl::memory> free_;
};

}  // namespace

class FusedTrunk::Program {
 public:
  Program(std::span<const FoldedLayer> layers, const Dialect& dialect, int batch_size, Precision precision)
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        activations_(engine_),
        layers_(layers),
        type_(precision == Precision::kBfloat16 ? Type::bf16 : Type::f32),
        average_(dialect.pool_padding == PoolPadding::kCounted
                     ? dnnl::algorithm::pooling_avg_include_padding
                     : dnnl::algorithm::pooling_avg_exclude_padding),
        range_(dialect.input_range),
        pictures_(dnnl::memory::desc({batch_size, kPictureChannels, kPictureSide, kPictureSide}, Type::f32,
                                     Format::nchw),
                  engine_),
        bottlenecks_(
            dnnl::memory::desc({batch_size, features::kBottleneckSize, 1, 1}, Type::f32, Format::nchw),
            engine_) {
    build();
  }

  std::span<float> pictures() { return numbers(pictures_); }

  std::span<const float> run() {
    for (Step& step : steps_) step.primitive.execute(stream_, step.arguments);
    stream_.wait();
    return numbers(bottlenecks_);
  }

 private:
  using Value = Activations::Value;
  struct Step {
    dnnl::primitive primitive;
    std::unordered_map<int, dnnl::memory> arguments;
  };

  static std::span<float> numbers(const dnnl::memory& memory) {
    return {static_cast<float*>(memory.get_data_handle()), memory.get_desc().get_size() / sizeof(float)};
  }

  void build() {
    Value x = std::make_shared<const dnnl::memory>(pictures_);
    x = chain(x, "", {"Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"});
    x = chain(shrink(x), "", {"Conv2d_3b_1x1", "Conv2d_4a_3x3"});
    x = shrink(x);
    for (const std::string_view block : kBlockNames) x = through(std::string(block) + ".", x);
    const std::int64_t side = x->get_desc().dims()[2];
    Value pooled = pool(x, dnnl::algorithm::pooling_avg_exclude_padding, side, 1, 0);
    add(dnnl::reorder(*pooled, bottlenecks_), {{DNNL_ARG_FROM, *pooled}, {DNNL_ARG_TO, bottlenecks_}});
  }

  Value through(const std::string& block, const Value& x) {
    if (block.starts_with("Mixed_5")) return block_a(block, x);
    if (block == "Mixed_6a.") return block_b(block, x);
    if (block.starts_with("Mixed_6")) return block_c(block, x);
    if (block == "Mixed_7a.") return block_d(block, x);
    return block_e(block, x);
  }

  Value block_a(const std::string& block, const Value& x) {
    return join({chain(x, block, {"branch1x1"}), chain(x, block, {"branch5x5_1", "branch5x5_2"}),
                 chain(x, block, {"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}),
                 chain(smooth(x), block, {"branch_pool"})});
  }

  Value block_b(const std::string& block, const Value& x) {
    return join({chain(x, block, {"branch3x3"}),
                 chain(x, block, {"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}), shrink(x)});
  }

  Value block_c(const std::string& block, const Value& x) {
    return join(
        {chain(x, block, {"branch1x1"}), chain(x, block, {"branch7x7_1", "branch7x7_2", "branch7x7_3"}),
         chain(x, block,
               {"branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"}),
         chain(smooth(x), block, {"branch_pool"})});
  }

  Value block_d(const std::string& block, const Value& x) {
    return join({chain(x, block, {"branch3x3_1", "branch3x3_2"}),
                 chain(x, block, {"branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"}),
                 shrink(x)});
  }

  Value block_e(const std::string& block, const Value& x) {
    const Value fork = chain(x, block, {"branch3x3_1"});
    const Value deep_fork = chain(x, block, {"branch3x3dbl_1", "branch3x3dbl_2"});
    return join({chain(x, block, {"branch1x1"}), chain(fork, block, {"branch3x3_2a"}),
                 chain(fork, block, {"branch3x3_2b"}), chain(deep_fork, block, {"branch3x3dbl_3a"}),
                 chain(deep_fork, block, {"branch3x3dbl_3b"}), chain(smooth(x), block, {"branch_pool"})});
  }

  Value chain(Value x, const std::string& block, std::initializer_list<const char*> names) {
    for (const char* name : names) x = convolve(x, block + name);
    return x;
  }

  Value shrink(const Value& x) { return pool(x, dnnl::algorithm::pooling_max, 3, 2, 0); }
  Value smooth(const Value& x) { return pool(x, average_, 3, 1, 1); }

  void add(const dnnl::primitive& primitive, std::unordered_map<int, dnnl::memory> arguments) {
    steps_.push_back({primitive, std::move(arguments)});
  }

  // x in the layout that the next step wants.
  Value laid_out(const Value& x, const dnnl::memory::desc& desc) {
    if (x->get_desc() == desc) return x;
    Value moved = activations_.allocate(desc);
    add(dnnl::reorder(*x, *moved), {{DNNL_ARG_FROM, *x}, {DNNL_ARG_TO, *moved}});
    return moved;
  }

  // Constants are laid out while the program is built.
  dnnl::memory constant(std::vector<float> values, const Dims& dims, Format format,
                        const dnnl::memory::desc& desc) {
    const dnnl::memory plain(dnnl::memory::desc(dims, Type::f32, format), engine_, values.data());
    dnnl::memory placed(desc, engine_);
    dnnl::reorder(plain, placed).execute(stream_, const_cast<dnnl::memory&>(plain), placed);
    stream_.wait();
    return placed;
  }

  Value convolve(const Value& x, const std::string& name) {
    const Found found = find(name);
    const ConvLayer& layer = found.layer;
    const Dims in = x->get_desc().dims();
    const auto extent = [&](std::size_t axis) {
      return (in[2 + axis] + 2 * layer.padding[axis] - layer.kernel[axis]) / layer.stride + 1;
    };
    const Dims weight_dims = {layer.out_channels, layer.in_channels, layer.kernel[0], layer.kernel[1]};
    const Dims bias_dims = {layer.out_channels};
    const Dims padding = {layer.padding[0], layer.padding[1]};
    const auto desc = [&](dnnl::algorithm algorithm) {
      return dnnl::convolution_forward::desc(
          dnnl::prop_kind::forward_inference, algorithm, {in, type_, Format::any},
          {weight_dims, type_, Format::any}, {bias_dims, Type::f32, Format::x},
          {{in[0], layer.out_channels, extent(0), extent(1)}, type_, Format::any},
          {layer.stride, layer.stride}, padding, padding);
    };
    const dnnl::convolution_forward::primitive_desc plan = fastest(
        layer, desc(dnnl::algorithm::convolution_winograd), desc(dnnl::algorithm::convolution_direct));
    const Value source = laid_out(x, plan.src_desc());
    Value made = activations_.allocate(plan.dst_desc());
    add(dnnl::convolution_forward(plan),
        {{DNNL_ARG_SRC, *source},
         {DNNL_ARG_WEIGHTS, constant(found.folded.weights, weight_dims, Format::oihw, plan.weights_desc())},
         {DNNL_ARG_BIAS, constant(found.folded.bias, bias_dims, Format::x, plan.bias_desc())},
         {DNNL_ARG_DST, *made}});
    return made;
  }

  // Winograd's algorithm takes a quarter to a half of the products of a 3 x 3 convolution, where oneDNN has
  // it.
  dnnl::convolution_forward::primitive_desc fastest(const ConvLayer& layer,
                                                    const dnnl::convolution_forward::desc& winograd,
                                                    const dnnl::convolution_forward::desc& direct) const {
    constexpr bool kAllowNone = true;
    dnnl::post_ops relu;
    relu.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(relu);
    if (type_ == Type::f32 && layer.kernel == std::array<std::int64_t, 2>{3, 3} && layer.stride == 1) {
      dnnl::convolution_forward::primitive_desc plan(winograd, attributes, engine_, kAllowNone);
      if (plan.get(kAllowNone) != nullptr) return plan;
    }
    return {direct, attributes, engine_};
  }

  Value pool(const Value& x, dnnl::algorithm algorithm, std::int64_t side, std::int64_t stride,
             std::int64_t padding) {
    const Dims in = x->get_desc().dims();
    const auto extent = [&](std::int64_t length) { return (length + 2 * padding - side) / stride + 1; };
    const dnnl::pooling_forward::desc desc(dnnl::prop_kind::forward_inference, algorithm, x->get_desc(),
                                           {{in[0], in[1], extent(in[2]), extent(in[3])}, type_, Format::any},
                                           {stride, stride}, {side, side}, {padding, padding},
                                           {padding, padding});
    const dnnl::pooling_forward::primitive_desc plan(desc, engine_);
    Value made = activations_.allocate(plan.dst_desc());
    add(dnnl::pooling_forward(plan), {{DNNL_ARG_SRC, *x}, {DNNL_ARG_DST, *made}});
    return made;
  }

  Value join(const std::vector<Value>& branches) {
    std::vector<dnnl::memory::desc> descs;
    std::vector<Value> parts;
    for (const Value& branch : branches) {
      // Winograd's kernels block the channels, the others keep them together; oneDNN joins quickly what lies
      // in one way.
      parts.push_back(laid_out(branch, {branch->get_desc().dims(), type_, Format::nhwc}));
      descs.push_back(parts.back()->get_desc());
    }
    const dnnl::concat::primitive_desc plan(1, descs, engine_);
    Value made = activations_.allocate(plan.dst_desc());
    std::unordered_map<int, dnnl::memory> arguments = {{DNNL_ARG_DST, *made}};
    for (std::size_t i = 0; i < parts.size(); ++i)
      arguments.emplace(DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), *parts[i]);
    add(dnnl::concat(plan), std::move(arguments));
    return made;
  }

  struct Found {
    const ConvLayer& layer;
    FoldedLayer folded;
  };
  Found find(const std::string& name) {
    const std::vector<ConvLayer>& all = trunk_layers();
    std::size_t index = 0;
    while (all.at(index).name != name) ++index;
    Found found{all[index], layers_[index]};
    if (index == 0 && range_ == InputRange::kMinusOneToOne) map_range(found.folded);
    return found;
  }

  // The first convolution, which pads nothing, of 2 x - 1 as one of x.
  static void map_range(FoldedLayer& layer) {
    const std::size_t fan_in = layer.weights.size() / layer.bias.size();
    for (std::size_t out = 0; out < layer.bias.size(); ++out) {
      double sum = 0.0;
      for (float& weight : std::span(layer.weights).subspan(out * fan_in, fan_in)) {
        sum += weight;
        weight *= 2.0F;
      }
      layer.bias[out] = static_cast<float>(layer.bias[out] - sum);
    }
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  Activations activations_;
  std::span<const FoldedLayer> layers_;  // while the program is built
  Type type_;
  dnnl::algorithm average_;
  InputRange range_;
  dnnl::memory pictures_;
  dnnl::memory bottlenecks_;
  std::vector<Step> steps_;
};

std::span<const Precision> FusedTrunk::native_precisions() {
  static constexpr std::array kAll = {Precision::kFloat32, Precision::kBfloat16};
  return std::span(kAll).first(__builtin_cpu_supports("avx512bf16") ? 2 : 1);
}

FusedTrunk::FusedTrunk(std::span<const FoldedLayer> layers, const Dialect& dialect, int batch_size,
                       Precision precision)
    : program_(std::make_unique<Program>(layers, dialect, batch_size, precision)) {
  assert(layers.size() == trunk_layers().size());
}

FusedTrunk::FusedTrunk(FusedTrunk&&) noexcept = default;
FusedTrunk& FusedTrunk::operator=(FusedTrunk&&) noexcept = default;
FusedTrunk::~FusedTrunk() = default;

std::span<float> FusedTrunk::pictures() {
  return program_->pictures();
}

std::span<const float> FusedTrunk::run() {
  return program_->run();
}

}  // namespace melsweep::inception

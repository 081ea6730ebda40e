#include "worker/trainer/inception/network.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/inception/weights_file.h"

namespace melsweep::inception {
namespace {

using torch::Tensor;

// Parameters and buffers under the names that a weights file has them by.
std::vector<std::pair<std::string, Tensor>> named_state(const InceptionV3& network) {
  const auto parameters = network->named_parameters();
  const auto buffers = network->named_buffers();
  std::vector<std::pair<std::string, Tensor>> state;
  for (const ParameterSpec& spec : trunk_parameters()) {
    const Tensor* parameter = parameters.find(spec.name);
    state.emplace_back(spec.name, parameter != nullptr ? *parameter : buffers[spec.name]);
  }
  return state;
}

std::vector<float> numbers_of(const Tensor& tensor) {
  const Tensor plain = tensor.to(torch::kCPU).contiguous();
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

// The file has been looked at: it holds them all.
absl::Status copy_state(const SafetensorsFile& file, const InceptionV3& network) {
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_state(network)) {
    absl::StatusOr<std::vector<float>> values = read_tensor(file, name, tensor.sizes().vec());
    if (!values.ok()) return values.status();
    tensor.copy_(torch::from_blob(values->data(), tensor.sizes()));
  }
  return absl::OkStatus();
}

}  // namespace

InceptionV3Impl::InceptionV3Impl(const Dialect& dialect) : dialect_(dialect) {
  const std::shared_ptr<Block> stem = make_stem();
  // torchvision has no module for the stem: its units are the network's own.
  for (const auto& unit : stem->named_children()) register_module(unit.key(), unit.value());
  stages_.push_back(stem);
  for (std::size_t i = 0; i < kBlockNames.size(); ++i) {
    stages_.push_back(register_module(std::string(kBlockNames[i]), make_block(i, dialect.pool_padding)));
  }
  set_trainable(Trainable{});
}

Tensor InceptionV3Impl::forward(const Tensor& pictures) const {
  return trainable_part(frozen_part(pictures));
}

Tensor InceptionV3Impl::frozen_part(const Tensor& pictures) const {
  const torch::NoGradGuard no_grad;
  const Tensor x = dialect_.input_range == InputRange::kZeroToOne ? pictures : pictures * 2 - 1;
  return run_stages(x, 0, first_trainable_);
}

Tensor InceptionV3Impl::trainable_part(const Tensor& activations) const {
  return run_stages(activations, first_trainable_, stages_.size());
}

Tensor InceptionV3Impl::run_stages(Tensor x, std::size_t begin, std::size_t end) const {
  if (begin == end) return x;
  for (std::size_t i = begin; i < end; ++i) x = stages_[i]->forward(x);
  return end == stages_.size() ? x.mean({2, 3}) : x;
}

void InceptionV3Impl::set_trainable(const Trainable& trainable) {
  const std::size_t blocks =
      std::min(kBlockNames.size(), static_cast<std::size_t>(std::max(trainable.blocks, 0)));
  switch (trainable.kind) {
    case TrainableKind::kHead:
      first_trainable_ = stages_.size();
      break;
    case TrainableKind::kBlocks:
      first_trainable_ = stages_.size() - blocks;
      break;
    case TrainableKind::kAll:
      first_trainable_ = 0;
      break;
  }
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    for (Tensor& parameter : stages_[i]->parameters()) parameter.set_requires_grad(i >= first_trainable_);
  }
}

std::vector<Tensor> InceptionV3Impl::trainable_parameters() const {
  std::vector<Tensor> learning;
  for (std::size_t i = first_trainable_; i < stages_.size(); ++i) {
    for (const Tensor& parameter : stages_[i]->parameters()) learning.push_back(parameter);
  }
  return learning;
}

void InceptionV3Impl::fold(torch::Dtype dtype) {
  for (const std::shared_ptr<Block>& stage : stages_) stage->fold(dtype);
}

std::vector<FoldedLayer> InceptionV3Impl::folded_layers() const {
  const auto parameters = named_parameters();
  const auto buffers = named_buffers();
  std::vector<FoldedLayer> layers;
  for (const ConvLayer& layer : trunk_layers()) {
    const FoldedConvolution folded =
        fold_batch_norm(parameters[layer.name + ".conv.weight"], parameters[layer.name + ".bn.weight"],
                        parameters[layer.name + ".bn.bias"], buffers[layer.name + ".bn.running_mean"],
                        buffers[layer.name + ".bn.running_var"]);
    layers.push_back({.weights = numbers_of(folded.weight), .bias = numbers_of(folded.bias)});
  }
  return layers;
}

absl::StatusOr<InceptionV3> load_network(const std::filesystem::path& path) {
  const absl::StatusOr<SafetensorsFile> file = SafetensorsFile::open(path);
  if (!file.ok()) return file.status();
  const absl::StatusOr<WeightsSummary> summary = check_weights(*file);
  if (!summary.ok()) return summary.status();
  InceptionV3 network(summary->dialect);
  if (absl::Status status = copy_state(*file, network); !status.ok()) return status;
  return network;
}

absl::Status restore_network(const InceptionV3& network, const SafetensorsFile& file) {
  for (const auto& [name, tensor] : named_state(network)) {
    const auto values = read_tensor(file, name, tensor.sizes().vec());
    if (!values.ok()) return values.status();
  }
  return copy_state(file, network);
}

absl::Status save_network(const std::filesystem::path& path, const InceptionV3& network,
                          std::span<const NamedTensor> more_tensors, const Metadata& more_metadata) {
  std::vector<Tensor> kept_alive;
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : named_state(network)) {
    const Tensor plain = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    kept_alive.push_back(plain);
    tensors.push_back(
        {name, plain.sizes().vec(),
         std::span<const float>(plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel()))});
  }
  tensors.insert(tensors.end(), more_tensors.begin(), more_tensors.end());
  Metadata metadata = dialect_metadata(network->dialect());
  metadata.insert(more_metadata.begin(), more_metadata.end());
  return write_safetensors(path, tensors, with_checksum(tensors, std::move(metadata)));
}

InceptionV3 random_network(std::uint64_t seed) {
  InceptionV3 network(Dialect{PoolPadding::kNotCounted, InputRange::kZeroToOne});
  at::Generator generator = at::detail::createCPUGenerator(seed);
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_state(network)) {
    if (tensor.dim() == 4) {
      const std::int64_t fan_in = tensor[0].numel();
      tensor.normal_(0.0, std::sqrt(2.0 / static_cast<double>(fan_in)), generator);
    } else {
      tensor.fill_(name.ends_with(".weight") || name.ends_with(".running_var") ? 1.0 : 0.0);
    }
  }
  return network;
}

}  // namespace melsweep::inception

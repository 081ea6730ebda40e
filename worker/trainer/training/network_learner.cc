#include "worker/trainer/training/network_learner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "worker/trainer/audio/picture.h"
#include "worker/trainer/features/embedder.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/inception/torch_status.h"
#include "worker/trainer/training/head_weights.h"

namespace melsweep::training {
namespace {

using torch::Tensor;

// The whole network takes about 100 MB a picture to learn from.
constexpr std::size_t kPartSize = 16;

// What the frozen layers give is the same at every step: it is kept for the first examples seen, up to this
// much.
constexpr std::size_t kActivationBudgetBytes = std::size_t{2} << 30;

}  // namespace

NetworkLearner::NetworkLearner(const Examples& examples, features::SpectrogramTable spectrograms,
                               inception::InceptionV3 network, const Options& options)
    : examples_(examples),
      spectrograms_(std::move(spectrograms)),
      network_(std::move(network)),
      options_(options),
      activations_(examples.items.size()) {
  HeadWeights head = initial_head(examples.classes, features::kBottleneckSize, options.seed);
  const auto classes = static_cast<std::int64_t>(head.classes);
  const auto features = static_cast<std::int64_t>(head.features);
  // clone(): the tensors must outlive the vectors.
  weight_ = torch::from_blob(head.weight.data(), {classes, features}).clone().to(options.device);
  bias_ = torch::from_blob(head.bias.data(), {classes}).clone().to(options.device);
  weight_.set_requires_grad(true);
  bias_.set_requires_grad(true);
  network_->to(options.device);
  network_->set_trainable(options.trainable);
  parameters_ = network_->trainable_parameters();
  parameters_.push_back(weight_);
  parameters_.push_back(bias_);
}

Tensor NetworkLearner::picture(std::uint32_t example) const {
  Tensor result = torch::empty({1, audio::kPictureChannels, audio::kPictureSide, audio::kPictureSide});
  audio::make_picture(spectrograms_.at(example), options_.features,
                      std::span<float>(result.data_ptr<float>(), audio::kPictureValues));
  return result.to(options_.device);
}

Tensor NetworkLearner::frozen_activations(std::uint32_t example) {
  Tensor& kept = activations_[example];
  if (kept.defined()) return kept;
  // One picture at a time: the result must not depend on which examples were seen together first.
  Tensor activations = network_->frozen_part(picture(example));
  const std::size_t bytes = activations.nbytes();
  if (activation_bytes_ + bytes <= kActivationBudgetBytes) {
    kept = activations;
    activation_bytes_ += bytes;
  }
  return activations;
}

Tensor NetworkLearner::forward(std::span<const std::uint32_t> examples) {
  std::vector<Tensor> activations;
  for (const std::uint32_t example : examples) activations.push_back(frozen_activations(example));
  return torch::nn::functional::linear(network_->trainable_part(torch::cat(activations)), weight_, bias_);
}

double NetworkLearner::add_gradients(std::span<const std::uint32_t> part, std::size_t batch_size) {
  std::vector<std::int64_t> labels;
  for (const std::uint32_t example : part) labels.push_back(examples_.labels[example]);
  const Tensor loss = torch::nn::functional::cross_entropy(
                          forward(part), torch::tensor(labels).to(options_.device),
                          torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum)) /
                      static_cast<double>(batch_size);
  loss.backward();
  return loss.item<double>();
}

absl::StatusOr<double> NetworkLearner::step(std::span<const std::uint32_t> batch) {
  double loss = 0.0;
  absl::Status status = inception::catch_torch([&] {
    for (Tensor& parameter : parameters_) parameter.mutable_grad() = Tensor();
    for (std::size_t begin = 0; begin < batch.size(); begin += kPartSize) {
      loss += add_gradients(batch.subspan(begin, std::min(kPartSize, batch.size() - begin)), batch.size());
    }
    const torch::NoGradGuard no_grad;
    for (Tensor& parameter : parameters_) {
      if (parameter.grad().defined()) parameter.add_(parameter.grad(), -options_.learning_rate);
    }
  });
  if (!status.ok()) return status;
  return loss;
}

absl::Status NetworkLearner::logits(std::span<const std::uint32_t> examples, std::span<float> out) {
  return inception::catch_torch([&] {
    const torch::NoGradGuard no_grad;
    for (std::size_t begin = 0; begin < examples.size(); begin += kPartSize) {
      const auto part = examples.subspan(begin, std::min(kPartSize, examples.size() - begin));
      const Tensor result = forward(part).to(torch::kCPU).contiguous();
      std::copy_n(result.data_ptr<float>(), part.size() * examples_.classes,
                  out.begin() + static_cast<std::ptrdiff_t>(begin * examples_.classes));
    }
  });
}

absl::Status NetworkLearner::save(const std::filesystem::path& path,
                                  const std::map<std::string, std::string>& metadata) const {
  absl::Status written;
  const absl::Status status = inception::catch_torch([&] {
    const Tensor weight = weight_.detach().to(torch::kCPU).contiguous();
    const Tensor bias = bias_.detach().to(torch::kCPU).contiguous();
    const auto values = [](const Tensor& tensor) {
      return std::span<const float>(tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
    };
    const std::array<inception::NamedTensor, 2> head = {{
        {.name = "fc.weight", .shape = weight.sizes().vec(), .values = values(weight)},
        {.name = "fc.bias", .shape = bias.sizes().vec(), .values = values(bias)},
    }};
    written = inception::save_network(path, network_, head, metadata);
  });
  return status.ok() ? written : status;
}

}  // namespace melsweep::training

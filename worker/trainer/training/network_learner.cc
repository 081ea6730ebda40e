#include "worker/trainer/training/network_learner.h"

#include <algorithm>
#include <utility>

#include "worker/trainer/audio/picture.h"
#include "worker/trainer/features/embedder.h"
#include "worker/trainer/inception/torch_status.h"
#include "worker/trainer/training/class_weights.h"
#include "worker/trainer/training/head_file.h"
#include "worker/trainer/training/head_weights.h"
#include "worker/trainer/training/parts.h"

namespace melsweep::training {
namespace {

using torch::Tensor;

// The whole network takes about 100 MB a picture to learn from. On a CPU every thread has a part, and a stop
// waits for one: few pictures; a GPU is busy with many only.
constexpr std::size_t kCpuPartSize = 2;
constexpr std::size_t kGpuPartSize = 16;

std::size_t part_size_on(const torch::Device& device) {
  return device.is_cpu() ? kCpuPartSize : kGpuPartSize;
}

}  // namespace

NetworkLearner::NetworkLearner(const Examples& examples, features::SpectrogramTable spectrograms,
                               inception::InceptionV3 network, const Options& options)
    : examples_(examples),
      spectrograms_(std::move(spectrograms)),
      network_(std::move(network)),
      options_(options),
      class_weights_(class_weights(options.training.class_weights,
                                   std::span(examples.labels).first(examples.train_count), examples.classes)),
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
  std::vector<TensorOptimizer::Parameter> learning;
  for (const auto& parameter : network_->named_parameters()) {
    if (parameter.value().requires_grad()) learning.push_back({parameter.key(), parameter.value()});
  }
  learning.push_back({"fc.weight", weight_});
  learning.push_back({"fc.bias", bias_});
  for (const auto& [name, value] : learning) parameters_.push_back(value);
  optimizer_.emplace(std::move(learning), options.training);
}

Tensor NetworkLearner::picture(std::uint32_t example) const {
  Tensor result = torch::empty({1, audio::kPictureChannels, audio::kPictureSide, audio::kPictureSide});
  audio::make_picture(spectrograms_.at(example), options_.features,
                      std::span<float>(result.data_ptr<float>(), audio::kPictureValues));
  return result.to(options_.device);
}

Tensor NetworkLearner::frozen_activations(std::uint32_t example) const {
  const Tensor& kept = activations_[example];
  if (kept.defined()) return kept;
  // One picture at a time: the result must not depend on which examples were seen together first.
  return network_->frozen_part(picture(example)).to(torch::kCPU);
}

void NetworkLearner::keep(const Part& part) {
  if (options_.trainable.kind == TrainableKind::kAll) return;  // these are the pictures, which are soon made
  for (std::size_t i = 0; i < part.examples.size(); ++i) {
    Tensor& kept = activations_[part.examples[i]];
    const std::size_t bytes = part.activations[i].nbytes();
    if (kept.defined() || activation_bytes_ + bytes > options_.activation_budget_bytes) continue;
    kept = part.activations[i];
    activation_bytes_ += bytes;
  }
}

Tensor NetworkLearner::forward(Part& part) const {
  for (const std::uint32_t example : part.examples) part.activations.push_back(frozen_activations(example));
  const Tensor activations = torch::cat(part.activations).to(options_.device);
  return torch::nn::functional::linear(network_->trainable_part(activations), weight_, bias_);
}

void NetworkLearner::find_gradients(Part& part) const {
  std::vector<std::int64_t> labels;
  for (const std::uint32_t example : part.examples) labels.push_back(examples_.labels[example]);
  auto options = torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum);
  if (!class_weights_.empty()) options.weight(torch::tensor(class_weights_).to(options_.device));
  const Tensor loss =
      torch::nn::functional::cross_entropy(forward(part), torch::tensor(labels).to(options_.device), options);
  part.loss = loss.item<double>();
  // Not backward(): parts that are worked on at once must not add to the same sums.
  part.gradients = torch::autograd::grad({loss}, parameters_, /*grad_outputs=*/{}, /*retain_graph=*/{},
                                         /*create_graph=*/false, /*allow_unused=*/true);
}

double NetworkLearner::weight_of(Indices examples) const {
  if (class_weights_.empty()) return static_cast<double>(examples.size());
  double weight = 0.0;
  for (const std::uint32_t example : examples) {
    weight += static_cast<double>(class_weights_[static_cast<std::size_t>(examples_.labels[example])]);
  }
  return weight;
}

std::vector<NetworkLearner::Part> NetworkLearner::divide(Indices examples) const {
  const std::size_t size = part_size_on(options_.device);
  std::vector<Part> parts;
  for (std::size_t begin = 0; begin < examples.size(); begin += size) {
    parts.emplace_back().examples = examples.subspan(begin, std::min(size, examples.size() - begin));
  }
  return parts;
}

absl::Status NetworkLearner::in_parts(std::vector<Part>& parts, const Watch& watch,
                                      const std::function<void(Part&)>& compute,
                                      const std::function<void(const Part&)>& collect) {
  std::size_t done = 0;
  const auto finish = [&](std::size_t index) {
    Part& part = parts[index];
    collect(part);
    keep(part);
    done += part.examples.size();
    part = Part{};
    if (watch.progress) watch.progress(done);
  };
  const bool cpu = options_.device.is_cpu();
  return work_in_parts({.parts = parts.size(),
                        .at_once = cpu ? static_cast<std::size_t>(at::get_num_threads()) : 1,
                        .compute = [&](std::size_t index) { compute(parts[index]); },
                        .collect = finish},
                       watch.stop);
}

absl::StatusOr<double> NetworkLearner::step(const Minibatch& batch, const Watch& watch) {
  const double weight = weight_of(batch.examples);
  double loss = 0.0;
  std::vector<Tensor> gradients(parameters_.size());
  const auto add = [&](const Part& part) {
    loss += part.loss;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      if (!part.gradients[i].defined()) continue;
      if (gradients[i].defined()) {
        gradients[i].add_(part.gradients[i]);
      } else {
        gradients[i] = part.gradients[i].clone();
      }
    }
  };
  std::vector<Part> parts = divide(batch.examples);
  absl::Status status = in_parts(
      parts, watch, [this](Part& part) { find_gradients(part); }, add);
  if (status.ok()) {
    status = inception::catch_torch([&] {
      for (Tensor& gradient : gradients) {
        if (gradient.defined()) gradient.div_(weight);
      }
      optimizer_->descend(gradients, batch.step);
    });
  }
  if (!status.ok()) return status;
  return loss / weight;
}

absl::Status NetworkLearner::logits(Indices examples, std::span<float> out, const Watch& watch) {
  const auto compute = [this](Part& part) {
    const torch::NoGradGuard no_grad;
    part.logits = forward(part).to(torch::kCPU).contiguous();
  };
  auto next = out.begin();
  const auto write = [&](const Part& part) {
    next = std::copy_n(part.logits.data_ptr<float>(), part.logits.numel(), next);
  };
  std::vector<Part> parts = divide(examples);
  return in_parts(parts, watch, compute, write);
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
    auto tensors = head_tensors(values(weight), values(bias));
    const auto memory = optimizer_->memory();
    for (const auto& [name, value] : memory) tensors.push_back({name, value.sizes().vec(), values(value)});
    written = inception::save_network(path, network_, tensors, metadata);
  });
  return status.ok() ? written : status;
}

absl::Status NetworkLearner::restore(const inception::SafetensorsFile& file) {
  absl::Status restored;
  const absl::Status status = inception::catch_torch([&] {
    auto head = read_head(file, examples_.classes, features::kBottleneckSize);
    restored = head.ok() ? optimizer_->restore(file) : head.status();
    if (restored.ok()) restored = inception::restore_network(network_, file);
    if (!restored.ok()) return;
    const torch::NoGradGuard no_grad;
    weight_.copy_(torch::from_blob(head->weight.data(), weight_.sizes()));
    bias_.copy_(torch::from_blob(head->bias.data(), bias_.sizes()));
    // They are of the frozen layers as those were.
    std::ranges::fill(activations_, Tensor());
    activation_bytes_ = 0;
  });
  return status.ok() ? restored : status;
}

}  // namespace melsweep::training

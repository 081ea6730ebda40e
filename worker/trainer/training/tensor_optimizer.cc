#include "worker/trainer/training/tensor_optimizer.h"

#include <cstddef>
#include <utility>

#include "worker/trainer/training/head_file.h"
#include "worker/trainer/training/optimizer.h"

namespace melsweep::training {
namespace {

using torch::Tensor;
using Parameters = std::vector<TensorOptimizer::Parameter>;

Parameters zeros_like(const Parameters& parameters, const std::string& prefix) {
  Parameters zeros;
  for (const auto& [name, value] : parameters) {
    zeros.push_back({prefix + name, torch::zeros_like(value.detach())});
  }
  return zeros;
}

// m and v as HeadRule's; undefined where the rule has none.
Tensor step_of(const HeadUpdate& how, const Tensor& g, Tensor m, Tensor v) {
  if (m.defined()) m.mul_(how.momentum).add_(g, how.share);
  if (v.defined()) v.mul_(how.averaging).addcmul_(g, g, how.square_share);
  switch (how.rule) {
    case HeadRule::kDescent:
      return g;
    case HeadRule::kMomentum:
      return m;
    case HeadRule::kNesterov:
      return g.add(m, how.momentum);
    case HeadRule::kRmsprop:
      return g / v.sqrt().add_(how.epsilon);
    case HeadRule::kAdam:
      return m / v.sqrt().div_(how.root_correction).add_(how.epsilon);
  }
  return g;
}

}  // namespace

TensorOptimizer::TensorOptimizer(Parameters parameters, const TrainingSettings& training)
    : training_(training), parameters_(std::move(parameters)) {
  const OptimizerMemory memory = memory_of(training.optimizer);
  if (memory.first) first_ = zeros_like(parameters_, kFirstMemory);
  if (memory.second) second_ = zeros_like(parameters_, kSecondMemory);
}

void TensorOptimizer::descend(const std::vector<Tensor>& gradients, std::int64_t step) {
  const torch::NoGradGuard no_grad;
  const HeadUpdate how = update_at(training_, step);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!gradients[i].defined()) continue;
    Tensor& value = parameters_[i].value;
    const Tensor gradient = how.decay == 0.0F ? gradients[i] : gradients[i].add(value, how.decay);
    if (how.shrink != 1.0F) value.mul_(how.shrink);
    value.add_(step_of(how, gradient, first_.empty() ? Tensor() : first_[i].value,
                       second_.empty() ? Tensor() : second_[i].value),
               -how.rate);
  }
}

Parameters TensorOptimizer::memory() const {
  Parameters all;
  for (const Parameters* some : {&first_, &second_}) {
    for (const auto& [name, value] : *some) all.push_back({name, value.to(torch::kCPU).contiguous()});
  }
  return all;
}

absl::Status TensorOptimizer::restore(const inception::SafetensorsFile& file) {
  const torch::NoGradGuard no_grad;
  std::vector<std::pair<Tensor, std::vector<float>>> restored;
  for (const Parameters* some : {&first_, &second_}) {
    for (const auto& [name, value] : *some) {
      auto numbers = inception::read_tensor(file, name, value.sizes().vec());
      if (!numbers.ok()) return numbers.status();
      restored.emplace_back(value, *std::move(numbers));
    }
  }
  for (auto& [value, numbers] : restored) value.copy_(torch::from_blob(numbers.data(), value.sizes()));
  return absl::OkStatus();
}

}  // namespace melsweep::training

#include "worker/trainer/training/head_file.h"

#include <cstdint>
#include <iterator>
#include <utility>

namespace melsweep::training {
namespace {

constexpr char kWeight[] = "fc.weight";
constexpr char kBias[] = "fc.bias";

}  // namespace

std::vector<inception::NamedTensor> head_tensors(std::span<const float> weight, std::span<const float> bias,
                                                 const std::string& prefix) {
  const auto classes = static_cast<std::int64_t>(bias.size());
  const auto features = static_cast<std::int64_t>(weight.size() / bias.size());
  return {{.name = prefix + kWeight, .shape = {classes, features}, .values = weight},
          {.name = prefix + kBias, .shape = {classes}, .values = bias}};
}

std::vector<inception::NamedTensor> head_tensors(const HeadState& state) {
  std::vector<inception::NamedTensor> tensors;
  const auto add = [&tensors](const HeadWeights& numbers, const std::string& prefix) {
    std::ranges::move(head_tensors(numbers.weight, numbers.bias, prefix), std::back_inserter(tensors));
  };
  add(state.weights, "");
  if (state.first) add(*state.first, kFirstMemory);
  if (state.second) add(*state.second, kSecondMemory);
  return tensors;
}

absl::StatusOr<HeadWeights> read_head(const inception::SafetensorsFile& file, std::size_t classes,
                                      std::size_t features, const std::string& prefix) {
  const auto rows = static_cast<std::int64_t>(classes);
  auto weight = inception::read_tensor(file, prefix + kWeight, {rows, static_cast<std::int64_t>(features)});
  if (!weight.ok()) return weight.status();
  auto bias = inception::read_tensor(file, prefix + kBias, {rows});
  if (!bias.ok()) return bias.status();
  return HeadWeights{
      .classes = classes, .features = features, .weight = *std::move(weight), .bias = *std::move(bias)};
}

absl::StatusOr<HeadState> read_head_state(const inception::SafetensorsFile& file, std::size_t classes,
                                          std::size_t features, const OptimizerMemory& memory) {
  absl::Status status;
  const auto read = [&](const std::string& prefix) {
    auto numbers = read_head(file, classes, features, prefix);
    status.Update(numbers.status());
    return numbers.ok() ? *std::move(numbers) : HeadWeights{};
  };
  HeadState state{.weights = read("")};
  if (memory.first) state.first = read(kFirstMemory);
  if (memory.second) state.second = read(kSecondMemory);
  if (!status.ok()) return status;
  return state;
}

}  // namespace melsweep::training

#include "worker/trainer/training/head_file.h"

#include <cstdint>
#include <utility>

namespace melsweep::training {
namespace {

constexpr char kWeight[] = "fc.weight";
constexpr char kBias[] = "fc.bias";

}  // namespace

std::array<inception::NamedTensor, 2> head_tensors(std::span<const float> weight,
                                                   std::span<const float> bias) {
  const auto classes = static_cast<std::int64_t>(bias.size());
  const auto features = static_cast<std::int64_t>(weight.size() / bias.size());
  return {{{.name = kWeight, .shape = {classes, features}, .values = weight},
           {.name = kBias, .shape = {classes}, .values = bias}}};
}

absl::StatusOr<HeadWeights> read_head(const inception::SafetensorsFile& file, std::size_t classes,
                                      std::size_t features) {
  const auto rows = static_cast<std::int64_t>(classes);
  auto weight = inception::read_tensor(file, kWeight, {rows, static_cast<std::int64_t>(features)});
  if (!weight.ok()) return weight.status();
  auto bias = inception::read_tensor(file, kBias, {rows});
  if (!bias.ok()) return bias.status();
  return HeadWeights{
      .classes = classes, .features = features, .weight = *std::move(weight), .bias = *std::move(bias)};
}

}  // namespace melsweep::training

// The classifying layer in a model file, by torchvision's names: fc.weight [classes, features], fc.bias
// [classes].
#pragma once

#include <array>
#include <span>

#include "absl/status/statusor.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/head_weights.h"

namespace melsweep::training {

// What there is to be written; the values must live until it is. One bias a class.
std::array<inception::NamedTensor, 2> head_tensors(std::span<const float> weight,
                                                   std::span<const float> bias);

// The file's head, which has these numbers of classes and features; else InvalidArgument.
absl::StatusOr<HeadWeights> read_head(const inception::SafetensorsFile& file, std::size_t classes,
                                      std::size_t features);

}  // namespace melsweep::training

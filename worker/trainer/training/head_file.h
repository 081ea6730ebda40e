// A head in a model file: the classifying layer by torchvision's names, fc.weight [classes, features] and
// fc.bias [classes], and what an optimizer remembers of it as optimizer.first.fc.weight and so on.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/head.h"
#include "worker/trainer/training/head_weights.h"
#include "worker/trainer/training/optimizer.h"

namespace melsweep::training {

// What stands before the name of a weight that an optimizer remembers something of.
inline constexpr char kFirstMemory[] = "optimizer.first.";
inline constexpr char kSecondMemory[] = "optimizer.second.";

// What there is to be written; the values must live until it is. One bias a class.
std::vector<inception::NamedTensor> head_tensors(std::span<const float> weight, std::span<const float> bias,
                                                 const std::string& prefix = {});
std::vector<inception::NamedTensor> head_tensors(const HeadState& state);

// The file's head, which has these numbers of classes and features; else InvalidArgument.
absl::StatusOr<HeadWeights> read_head(const inception::SafetensorsFile& file, std::size_t classes,
                                      std::size_t features, const std::string& prefix = {});

// With what an optimizer of this kind remembers.
absl::StatusOr<HeadState> read_head_state(const inception::SafetensorsFile& file, std::size_t classes,
                                          std::size_t features, const OptimizerMemory& memory);

}  // namespace melsweep::training

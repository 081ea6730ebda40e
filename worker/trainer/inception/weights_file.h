// Weights files of Inception v3: what they must hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "worker/trainer/inception/dialect.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::inception {

struct WeightsSummary {
  Dialect dialect;
  std::string source;               // kSourceKey's value; empty where the file does not say
  std::int64_t tensors = 0;         // of the trunk; those found
  std::int64_t numbers = 0;         // in them
  std::vector<std::string> unused;  // names that the trunk does without: fc, AuxLogits, num_batches_tracked
  std::vector<std::string>
      problems;  // with names, shapes, values and metadata, a sentence each; empty = a good file
};

// Looks at everything, values too. `instead` stands for the file's own metadata of the same keys.
WeightsSummary summarize_weights(const SafetensorsFile& file, const Metadata& instead = {});

// The summary of a good file; else InvalidArgument, naming the file and its first problems.
absl::StatusOr<WeightsSummary> check_weights(const SafetensorsFile& file, const Metadata& instead = {});

// Why the values of a trunk's parameter cannot be used; empty where they can.
std::string value_problem(const std::string& name, std::span<const float> values);

// True for tensors that the trunk does without: of torchvision's network heads, which are trained here, and
// counters; of our own checkpoints what an optimizer remembers.
bool is_unused(const std::string& name);

}  // namespace melsweep::inception

// The optimizers of TrainingSettings on libtorch's tensors: what HeadKernels::update does to a head.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/settings.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::training {

// libtorch's exceptions are the caller's. Not thread-safe.
class TensorOptimizer {
 public:
  struct Parameter {
    std::string name;  // in files
    torch::Tensor value;
  };

  TensorOptimizer(std::vector<Parameter> parameters, const TrainingSettings& training);

  // Update `step`, from 1, by gradients in the order of the parameters; one that has none (undefined) stays
  // as it is.
  void descend(const std::vector<torch::Tensor>& gradients, std::int64_t step);

  // What it remembers, on the CPU, named as head_file.h says.
  std::vector<Parameter> memory() const;

  // Goes on from what memory() gave. InvalidArgument, and nothing has changed, where a tensor is missing or
  // misshapen.
  absl::Status restore(const inception::SafetensorsFile& file);

 private:
  TrainingSettings training_;
  std::vector<Parameter> parameters_;
  std::vector<Parameter> first_;   // of each parameter, or empty
  std::vector<Parameter> second_;  // likewise
};

}  // namespace melsweep::training

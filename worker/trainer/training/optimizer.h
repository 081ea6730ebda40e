// The optimizers of TrainingSettings, step by step.
#pragma once

#include <cstdint>

#include "shared/model/settings.h"
#include "worker/trainer/training/head_kernels.h"

namespace melsweep::training {

// What an optimizer remembers of each weight; both in PyTorch's words.
struct OptimizerMemory {
  bool first = false;   // momentum_buffer, exp_avg
  bool second = false;  // square_avg, exp_avg_sq
};

OptimizerMemory memory_of(Optimizer optimizer);

// Update `step`, from 1, with the learning rate that the schedule gives it.
HeadUpdate update_at(const TrainingSettings& training, std::int64_t step);

}  // namespace melsweep::training

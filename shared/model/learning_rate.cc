#include "shared/model/learning_rate.h"

#include <cmath>
#include <numbers>

namespace melsweep {

double learning_rate_at(const TrainingSettings& training, std::int64_t step) {
  const double full = training.learning_rate;
  if (step <= training.warmup_steps) {
    return full * static_cast<double>(step) / static_cast<double>(training.warmup_steps);
  }
  const double passed = static_cast<double>(step - 1 - training.warmup_steps) /
                        static_cast<double>(training.steps - training.warmup_steps);
  switch (training.schedule) {
    case LearningRateSchedule::kConstant:
      return full;
    case LearningRateSchedule::kLinear:
      return full * (1.0 - passed);
    case LearningRateSchedule::kCosine:
      return full * 0.5 * (1.0 + std::cos(std::numbers::pi * passed));
  }
  return full;
}

}  // namespace melsweep

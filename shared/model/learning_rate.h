// The learning rate over a trial's steps.
#pragma once

#include <cstdint>

#include "shared/model/settings.h"

namespace melsweep {

// Of update `step`, from 1 to training.steps. In the warm-up the n-th step has n / warmup_steps of
// training.learning_rate, which the first step after it has whole.
double learning_rate_at(const TrainingSettings& training, std::int64_t step);

}  // namespace melsweep

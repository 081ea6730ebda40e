#include "worker/trainer/training/optimizer.h"

#include <cmath>

#include "shared/model/learning_rate.h"

namespace melsweep::training {
namespace {

// PyTorch's defaults.
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kAlpha = 0.99;
constexpr double kEpsilon = 1e-8;

HeadUpdate adam_at(double rate, std::int64_t step) {
  const auto steps = static_cast<double>(step);
  return {.rule = HeadRule::kAdam,
          .rate = static_cast<float>(rate / (1.0 - std::pow(kBeta1, steps))),
          .momentum = static_cast<float>(kBeta1),
          .share = static_cast<float>(1.0 - kBeta1),
          .averaging = static_cast<float>(kBeta2),
          .square_share = static_cast<float>(1.0 - kBeta2),
          .root_correction = static_cast<float>(std::sqrt(1.0 - std::pow(kBeta2, steps))),
          .epsilon = static_cast<float>(kEpsilon)};
}

HeadUpdate plain_update_at(Optimizer optimizer, double rate, double momentum, std::int64_t step) {
  const auto descent = static_cast<float>(rate);
  switch (optimizer) {
    case Optimizer::kSgd:
      return {.rule = HeadRule::kDescent, .rate = descent};
    case Optimizer::kMomentum:
      return {.rule = HeadRule::kMomentum, .rate = descent, .momentum = static_cast<float>(momentum)};
    case Optimizer::kNesterov:
      return {.rule = HeadRule::kNesterov, .rate = descent, .momentum = static_cast<float>(momentum)};
    case Optimizer::kRmsprop:
      return {.rule = HeadRule::kRmsprop,
              .rate = descent,
              .averaging = static_cast<float>(kAlpha),
              .square_share = static_cast<float>(1.0 - kAlpha),
              .epsilon = static_cast<float>(kEpsilon)};
    case Optimizer::kAdam:
    case Optimizer::kAdamW:
      return adam_at(rate, step);
  }
  return {};
}

}  // namespace

OptimizerMemory memory_of(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::kSgd:
      return {};
    case Optimizer::kMomentum:
    case Optimizer::kNesterov:
      return {.first = true};
    case Optimizer::kRmsprop:
      return {.second = true};
    case Optimizer::kAdam:
    case Optimizer::kAdamW:
      return {.first = true, .second = true};
  }
  return {};
}

HeadUpdate update_at(const TrainingSettings& training, std::int64_t step) {
  const double rate = learning_rate_at(training, step);
  HeadUpdate update = plain_update_at(training.optimizer, rate, training.momentum, step);
  if (training.optimizer == Optimizer::kAdamW) {
    update.shrink = static_cast<float>(1.0 - rate * training.weight_decay);
  } else {
    update.decay = static_cast<float>(training.weight_decay);
  }
  return update;
}

}  // namespace melsweep::training

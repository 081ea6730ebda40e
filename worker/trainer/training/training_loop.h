// Steps, and the measurements between them.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/metric.h"
#include "shared/model/progress.h"
#include "shared/model/settings.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

// Called from one thread at a time, the first two often; each may be empty.
struct TrainingObserver {
  std::function<void(const Progress&)> progress{};
  std::function<void(const std::vector<MetricPoint>&)> metrics{};
  std::function<void(std::int64_t step)> resumed{};  // the trial goes on from the state after so many steps
  std::function<void(const Checkpoint&)> checkpointed{};
};

// What train() works on.
struct TrainingRun {
  Learner& learner;  // as it is after `steps_done` steps
  const Examples& examples;
  const TrainingSettings& settings;
  std::uint64_t seed = 0;
  std::int64_t steps_done = 0;
  // Called after each step, before it is measured: the learner holds what there is to keep. May be empty.
  std::function<void(std::int64_t steps_done)> after_step{};
};

// Updates until there were settings.steps of them. After every evaluate_every steps, and after the last, four
// metrics are measured: the loss and accuracy over all training clips (without augmented copies) and over all
// validation clips; of either there is at least one. A run that begins at such a step measures it first. The
// updates, and what is measured, do not depend on the step that a run begins at.
//
// OutOfRange, naming the step and the learning rate, when the loss is no longer a finite number.
// Cancelled, within one step (and where the learner notices it within its own parts), when stopped. Else the
// learner's errors.
absl::Status train(const TrainingRun& run, const TrainingObserver& observer, const std::stop_token& stop);

// The predictions of every validation clip after `step` steps.
absl::StatusOr<Evaluation> evaluate(Learner& learner, const Examples& examples,
                                    const std::vector<std::string>& classes, std::int64_t step,
                                    const TrainingObserver& observer, const std::stop_token& stop);

}  // namespace melsweep::training

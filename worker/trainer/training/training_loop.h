// Steps, and the measurements between them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/metric.h"
#include "shared/model/progress.h"
#include "shared/model/settings.h"
#include "worker/trainer/features/stage_times.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner_group.h"

namespace melsweep::training {

// Called from one thread at a time, the first two often; each may be empty.
struct TrainingObserver {
  std::function<void(const Progress&)> progress{};
  std::function<void(const std::vector<MetricPoint>&)> metrics{};
  std::function<void(std::int64_t step)> resumed{};  // the trial goes on from the state after so many steps
  std::function<void(const Checkpoint&)> checkpointed{};
};

// The training of one learner of a group.
struct TrainingRun {
  const TrainingSettings& settings;
  std::size_t place = 0;  // of the learner
  std::uint64_t seed = 0;
  std::int64_t steps_done = 0;  // which the learner has behind it
  TrainingObserver observer{};
  std::stop_token stop{};
  // Called after each step, before it is measured: the learner holds what there is to keep. May be empty.
  std::function<void(std::int64_t steps_done)> after_step{};
  // Called once, with OkStatus when there were settings.steps steps: the learner is not touched any more.
  std::function<void(const absl::Status&)> ended;
};

// Updates each run's learner until there were settings.steps of them. After every evaluate_every
// steps, and after the last, four metrics are measured: the loss and accuracy over all training clips
// (without augmented copies), of which there is at least one, and over all validation clips, where there are
// any. A run that begins at such a step measures it first. The updates, and what is measured, depend neither
// on the step that a run begins at, nor on the others, nor on the number of threads: runs that have come
// equally far through the same minibatches take their steps together.
//
// A run ends with OutOfRange, naming the step and the learning rate, when the loss is no longer a finite
// number; Cancelled, within one step (and where the learner notices it within its own parts), when stopped;
// else with the learner's errors. The others go on. Of one run one thread is at work at a time: what it calls
// is called from different threads, and for different runs at once.
//
// `times`, which may be null, measures training and evaluating, and counts the steps that all runs took; when
// a run is told its end, those until then are counted.
void train(LearnerGroup& learners, const Examples& examples, std::span<const TrainingRun> runs,
           std::size_t threads, features::StageTimes* times = nullptr);

// The predictions of every test clip, or where there are none of every validation clip, by one of the
// learners, after `step` steps. Of test clips the observer is told test/loss and test/accuracy.
absl::StatusOr<Evaluation> evaluate(LearnerGroup& learners, std::size_t place, const Examples& examples,
                                    const std::vector<std::string>& classes, std::int64_t step,
                                    const TrainingObserver& observer, const std::stop_token& stop);

}  // namespace melsweep::training

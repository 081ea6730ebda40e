// What models are worth on the examples.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/metric.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner_group.h"

namespace melsweep::training {

// Some learners of a group, to be measured together.
struct Measuring {
  LearnerGroup& learners;
  LearnerGroup::Places who;
  const Examples& examples;
  std::stop_token stop{};
  // Of the set that is being looked at, how many examples are done; may be empty.
  std::function<void(std::size_t done, std::size_t total)> progress{};
};

// For each learner the four metrics of step `step`: train/loss, train/accuracy, validation/loss,
// validation/accuracy; the last two where there are validation clips. Cancelled when stopped, else the
// learners' errors.
absl::StatusOr<std::vector<std::vector<MetricPoint>>> measure(const Measuring& measuring, std::int64_t step);

// For each learner test/loss and test/accuracy. The same errors.
absl::StatusOr<std::vector<std::vector<MetricPoint>>> measure_test(const Measuring& measuring,
                                                                   std::int64_t step);

// look(i, example, logits [classes]) for each of the learners who[i] and of the examples. The same errors.
absl::Status for_each_logits(
    const Measuring& measuring, Indices which,
    const std::function<void(std::size_t i, std::uint32_t example, std::span<const float> logits)>& look);

}  // namespace melsweep::training

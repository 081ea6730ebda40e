// The evaluations of a setting's trials, over folds and seeds, as one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/metric.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

struct PooledPrediction {
  std::int64_t trial = 0;
  results::StoryPrediction prediction;
};

struct PooledEvaluation {
  std::string split;
  std::vector<std::int64_t> trials;                  // their numbers
  std::vector<ClassMetrics> classes;                 // of the summed confusion matrix
  std::vector<std::vector<std::int64_t>> confusion;  // [true][predicted], summed over the trials
  std::vector<PooledPrediction> mistakes;            // the surest first
  std::int64_t predictions = 0;
  std::int64_t right = 0;

  double accuracy() const;
};

// Of the best cell, on the split that the sweep's objective is of; nothing where no trial was evaluated so.
std::optional<PooledEvaluation> pool(const results::SweepStory& sweep);

// "trial 7", "4 trials": what was pooled.
std::string pooled_text(const PooledEvaluation& evaluation);

}  // namespace melsweep::report

// What a sweep's settings do to its objective.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/report/statistics.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// A swept parameter with more than one value among the cells, in the author's order.
struct Axis {
  std::string name;
  std::vector<ParameterValue> values;  // in the order of the cells' numbers
};

std::vector<Axis> axes_of(const results::SweepStory& sweep);

// The value that a cell gives to a parameter; nothing where it has none.
std::optional<ParameterValue> value_of(const results::StoryCell& cell, const std::string& name);

// The best cell with the best value of a parameter against the best with its worst value.
struct Effect {
  std::string parameter;
  std::string best_value;
  std::string worst_value;
  double best = 0.0;  // objectives, means over seeds and folds
  double worst = 0.0;
  std::int64_t pairs = 0;   // trials of the two cells with the same seed and fold
  std::int64_t agreed = 0;  // of them: those in which the better cell is better
  bool over_folds = false;
};

// Of each axis, the largest difference first. Cells without a mean are left out.
std::vector<Effect> effects_of(const results::SweepStory& sweep);

// For each cell, how it compares to the best one, clip by clip; empty where the objective is no accuracy or
// nobody kept predictions.
std::vector<PairedDifference> cell_differences(const results::SweepStory& sweep);

// How many of the cells behind the best cannot be told from it.
std::int64_t ties(const std::vector<PairedDifference>& differences);

bool is_accuracy(const std::string& metric);

// 1: more is better; -1: less is.
double direction(const results::SweepSummary& sweep);

}  // namespace melsweep::report

// Learning curves of settings: the means over their trials.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/results/sweep_story.h"

namespace melsweep::report {

using Curve = std::vector<std::pair<double, double>>;  // step, value; in order of step

// The mean over the finished trials of the cell, at the steps at which all of them measured it; at most 200
// points, the first and the last among them. Empty where there is none.
Curve mean_curve(const results::SweepStory& sweep, const results::StoryCell& cell, const std::string& metric);

// Where training on brings little more.
struct Plateau {
  double step = 0.0;
  double value = 0.0;      // there
  double last_step = 0.0;  // of the curve
  double best = 0.0;       // the lowest loss or the highest accuracy
  double best_step = 0.0;
};

// Of a loss, the first step within 1 % of its lowest value; of an accuracy, within half a point of its
// highest. Nothing for fewer than three points.
std::optional<Plateau> loss_plateau(const Curve& loss);
std::optional<Plateau> accuracy_plateau(const Curve& accuracy);

}  // namespace melsweep::report

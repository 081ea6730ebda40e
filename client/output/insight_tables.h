// What `diff` and `explain` show. The keys and columns of their JSON are promised to scripts.
#pragma once

#include <vector>

#include "client/output/sections.h"
#include "shared/results/run_comparison.h"
#include "shared/results/sweep_explanation.h"

namespace melsweep::output {

// settings: setting, a, b. metrics: metric, a, b, change. classes: split, class, f1_a, f1_b, change, support.
// clips: verdict, split, clip, true_class, a, b, true_probability_a, true_probability_b.
std::vector<Section> comparison_sections(const results::RunComparison& comparison);

// effects: parameter, value, class (blank: the mean over the classes), f1, trials. hard_clips: clip,
// true_class, mostly_taken_for, wrong, trials, true_probability, taken_probability. duplicates_across_splits:
// found. pictures: augmentation, class, folds, clips, pictures. For people the effects are a table for each
// parameter, a row a class and a column a value, with the classes that it matters most to first, and the
// pictures, where there are more than clips, a row a class and a column an augmentation.
std::vector<Section> explanation_sections(const results::SweepExplanation& explanation, OutputFormat format);

}  // namespace melsweep::output

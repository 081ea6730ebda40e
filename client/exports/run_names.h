// Trials as folders.
#pragma once

#include <string>
#include <string_view>

#include "shared/results/trial_curves.h"

namespace melsweep::exports {

// What may be a file's name everywhere, beginning with a letter or digit: letters, digits and ". _ = + -",
// and '-' for each other byte; at most 100 bytes.
std::string file_name(std::string_view text);

// "sweep-3_learning_rate=0.05": the same for the seeds and folds of one setting, and by itself within the
// database.
std::string setting_name(const results::TrialCurves& trial);

// "trial-007_learning_rate=0.05_seed=1": by itself within the sweep.
std::string run_name(const results::TrialCurves& trial);

}  // namespace melsweep::exports

// An Inspection for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "worker/trainer/dataset/inspect.h"

namespace melsweep::dataset {

// Lines of at most some hundred columns: a bar a class, durations, rates, channels, folds by class where
// there are at most 20, and each problem.
std::string to_table(const Inspection& inspection);

// Keys: format, usable, clips, duration_s {min, median, max}, classes [{name, clips, groups, folds}],
// sample_rates, channels, folds (each an object of counts by value), bad_clips [{id, reason}], problems
// [text].
nlohmann::json to_json(const Inspection& inspection);

}  // namespace melsweep::dataset

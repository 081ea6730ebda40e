// An Inspection for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "shared/model/settings.h"
#include "worker/trainer/dataset/inspect.h"

namespace melsweep::dataset {

// Lines of at most some hundred columns: a bar a class, durations, rates, channels, folds by class where
// there are at most 20, each problem, and clips that sound the same. With an augmentation also how many
// pictures the clips would give that trained, by class: before the split, so if all of them did.
std::string to_table(const Inspection& inspection, std::span<const Augmentation> augmentation = {});

// Keys: format, usable, clips, duration_s {min, median, max}, classes [{name, clips, groups, folds}],
// sample_rates, channels, folds (each an object of counts by value), bad_clips [{id, reason}], problems
// [text], sound_the_same {pairs [{clips, folds, difference}], too_short, too_even}; with an augmentation also
// pictures, and so of each class.
nlohmann::json to_json(const Inspection& inspection, std::span<const Augmentation> augmentation = {});

}  // namespace melsweep::dataset

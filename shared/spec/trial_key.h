// What makes two trials the same: all that a result depends on.
#pragma once

#include <string>
#include <string_view>

#include "shared/model/trial.h"

namespace melsweep::spec {

// A SHA-256 of the plan's settings, seed and fold, of what it trains on and is evaluated on, of its data
// (their split and their content, wherever they lie), of its weights' content, whatever the file's name, and
// of the trainer's name and version. Empty where the trainer is not known: then nothing is the same.
std::string trial_key(const TrialPlan& plan, std::string_view trainer);

}  // namespace melsweep::spec

// The axes of the search space.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/sweep.h"
#include "shared/spec/problem_list.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {

// Reads `parameters`. Names become full paths and values take the form that their field has (a learning rate
// of 1 is the number 1.0, a list of augmentations the text "channels+noise"). Refuses a field swept twice or
// also given, and values given twice. Axes about which something is wrong are left out.
std::vector<ParameterAxis> read_parameters(const Node& root, ProblemList& problems);

// Sets the field that `name` stands for. InvalidArgument where there is no such field or the value does not
// fit it.
absl::Status set_parameter(const std::string& name, const ParameterValue& value, TrialSettings& settings);

}  // namespace melsweep::spec

// The limits of sweep.schema.json for settings that did not come from a sweep's YAML.
#pragma once

#include "absl/status/status.h"
#include "shared/model/settings.h"

namespace melsweep::spec {

// InvalidArgument naming the first field that the schema refuses, its value and its limits.
absl::Status check_settings(const TrialSettings& settings);

}  // namespace melsweep::spec

// TrialSettings and DatasetSpec as JSON with the sweep YAML's own names and values, for the wire, the store
// and the trainer protocol. What encode wrote, decode reads back equal; every field is written.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "absl/status/statusor.h"
#include "shared/model/dataset.h"
#include "shared/model/settings.h"

namespace melsweep::spec {

nlohmann::json to_json(const FeatureSettings& features);
nlohmann::json to_json(const TrialSettings& settings);
nlohmann::json to_json(const DatasetSpec& dataset);

// InvalidArgument names the field that is missing, unknown or ill-typed.
absl::StatusOr<FeatureSettings> features_from_json(const nlohmann::json& json);
absl::StatusOr<TrialSettings> settings_from_json(const nlohmann::json& json);
absl::StatusOr<DatasetSpec> dataset_from_json(const nlohmann::json& json);

}  // namespace melsweep::spec

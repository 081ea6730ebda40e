// TrainedModel as JSON: what `melsweep` hands to the trainer program, and the model.json of an exported model
// (docs/models.md).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "absl/status/statusor.h"
#include "shared/model/trained_model.h"

namespace melsweep::spec {

inline constexpr char kModelFormat[] = "melsweep.model";
inline constexpr int kModelFormatVersion = 1;

nlohmann::ordered_json to_json(const TrainedModel& model);

// What to_json() wrote. Members that this version does not know are passed over, so that a newer one may add
// some. InvalidArgument names what is missing or wrong; a higher version is refused.
absl::StatusOr<TrainedModel> trained_model_from_json(const nlohmann::ordered_json& json);

}  // namespace melsweep::spec

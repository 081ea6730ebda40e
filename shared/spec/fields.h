// Every field of the model that the sweep YAML names, once: the parser, the parameters, the writer and the
// JSON of shared/spec/settings_json.h all go by these tables. Ranges and descriptions are in
// sweep.schema.json.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "shared/model/sweep.h"

namespace melsweep::spec {

template <class Owner>
struct Field {
  std::string_view path;  // dotted, below the owner: "training.steps"
  nlohmann::json (*read)(const Owner& owner);
  // InvalidArgument says what would be right ("must be a whole number, not 'x'"); the owner is unchanged
  // then.
  absl::Status (*write)(Owner& owner, const nlohmann::json& value);
};

// features.*, model.* and training.*: the fields that may be swept.
std::span<const Field<TrialSettings>> trial_fields();

// What stands below `dataset`. split.by comes before the fields that are read by it.
std::span<const Field<DatasetSpec>> dataset_fields();

// The fields of the sweep itself: name, seeds, search.method, objective.*, retry.*.
std::span<const Field<SweepSpec>> sweep_fields();

// By the dotted path or its last word ("learning_rate"); null where there is none.
const Field<TrialSettings>* find_trial_field(std::string_view name);

// "learning_rate" of "training.learning_rate".
std::string_view last_word(std::string_view path);

}  // namespace melsweep::spec

// Every field of the model that the sweep YAML names, once: the parser, the parameters, the writer and the
// JSON of shared/spec/settings_json.h all go by these tables. Ranges and descriptions are in
// sweep.schema.json.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "shared/model/sweep.h"

namespace melsweep::spec {

// Where a field's value is written down, and so where one may be missing. A field that was added to the model
// after results had been stored is written only where it has another value than by default: older texts mean
// what they meant, and what has not changed has the same text, key and hash as before.
enum class Presence { kAlways, kUnlessDefault };

template <class Owner>
struct Field {
  std::string_view path;  // dotted, below the owner: "training.steps"
  nlohmann::json (*read)(const Owner& owner);
  // InvalidArgument says what would be right ("must be a whole number, not 'x'"); the owner is unchanged
  // then.
  absl::Status (*write)(Owner& owner, const nlohmann::json& value);
  Presence presence = Presence::kAlways;
};

// Whether the field is among what is written down of `owner`.
template <class Owner>
bool is_present(const Field<Owner>& field, const Owner& owner) {
  return field.presence == Presence::kAlways || field.read(owner) != field.read(Owner{});
}

// features.*, model.* and training.*: the fields that may be swept.
std::span<const Field<TrialSettings>> trial_fields();

// What stands below `dataset`. split.by comes before the fields that are read by it.
std::span<const Field<DatasetSpec>> dataset_fields();

// The fields of the sweep itself: name, seeds, search.method, objective.*, retry.*, ...
std::span<const Field<SweepSpec>> sweep_fields();

// By the dotted path or its last word ("learning_rate"); null where there is none, and for a last word that
// several fields have.
const Field<TrialSettings>* find_trial_field(std::string_view name);

// "learning_rate" of "training.learning_rate".
std::string_view last_word(std::string_view path);

}  // namespace melsweep::spec

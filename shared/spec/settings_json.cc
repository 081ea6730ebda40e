#include "shared/spec/settings_json.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "shared/spec/fields.h"
#include "shared/spec/tree.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;

// "training.steps" -> /training/steps
json::json_pointer pointer_to(std::string_view path) {
  json::json_pointer pointer;
  for (const std::string& step : split_path(std::string(path))) pointer /= step;
  return pointer;
}

template <class Owner>
json write_fields(std::span<const Field<Owner>> fields, const Owner& owner) {
  json object = json::object();
  for (const Field<Owner>& field : fields) object[pointer_to(field.path)] = field.read(owner);
  return object;
}

// The path of the first member of `object` that is no field, or of an object's member that should be one;
// else empty.
template <class Owner>
std::string unknown_member(std::span<const Field<Owner>> fields, const json& object,
                           const std::string& prefix) {
  for (const auto& [key, value] : object.items()) {
    std::string path = absl::StrCat(prefix, key);
    bool known = false;
    bool section = false;
    for (const Field<Owner>& field : fields) {
      known = known || field.path == path;
      section = section || field.path.starts_with(path + ".");
    }
    if (known) continue;
    if (!section) return path;
    if (!value.is_object()) continue;  // its fields are then missing
    if (std::string unknown = unknown_member(fields, value, absl::StrCat(path, ".")); !unknown.empty())
      return unknown;
  }
  return "";
}

// Every field whose path begins with `section` must be there, and nothing else.
template <class Owner>
absl::Status read_fields(std::span<const Field<Owner>> fields, std::string_view section, const json& object,
                         Owner& owner) {
  if (!object.is_object()) return absl::InvalidArgumentError("the settings must be a JSON object");
  if (const std::string unknown = unknown_member(fields, object, ""); !unknown.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("unknown field '", unknown, "'"));
  }
  for (const Field<Owner>& field : fields) {
    if (!field.path.starts_with(section)) continue;
    const json::json_pointer pointer = pointer_to(field.path);
    if (!object.contains(pointer))
      return absl::InvalidArgumentError(fmt::format("the field '{}' is missing", field.path));
    if (absl::Status status = field.write(owner, object[pointer]); !status.ok()) {
      return absl::InvalidArgumentError(
          fmt::format("the field '{}' {}", field.path, std::string(status.message())));
    }
  }
  return absl::OkStatus();
}

}  // namespace

json to_json(const TrialSettings& settings) {
  return write_fields(trial_fields(), settings);
}

json to_json(const FeatureSettings& features) {
  TrialSettings settings;
  settings.features = features;
  return to_json(settings).at("features");
}

json to_json(const DatasetSpec& dataset) {
  return write_fields(dataset_fields(), dataset);
}

absl::StatusOr<FeatureSettings> features_from_json(const json& features) {
  if (!features.is_object()) return absl::InvalidArgumentError("the features must be a JSON object");
  TrialSettings settings;
  absl::Status status = read_fields(trial_fields(), "features.", {{"features", features}}, settings);
  if (!status.ok()) return status;
  return settings.features;
}

absl::StatusOr<TrialSettings> settings_from_json(const json& object) {
  TrialSettings settings;
  if (absl::Status status = read_fields(trial_fields(), "", object, settings); !status.ok()) return status;
  return settings;
}

absl::StatusOr<DatasetSpec> dataset_from_json(const json& object) {
  DatasetSpec dataset;
  if (absl::Status status = read_fields(dataset_fields(), "", object, dataset); !status.ok()) return status;
  return dataset;
}

}  // namespace melsweep::spec

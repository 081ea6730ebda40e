#include "shared/spec/settings_json.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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

// A table of fields as the paths of a JSON object, worked out once: a store reads and writes settings by the
// hundred thousand.
template <class Owner>
class Places {
 public:
  explicit Places(std::span<const Field<Owner>> fields) {
    for (const Field<Owner>& field : fields) {
      pointers_.push_back(pointer_to(field.path));
      members_.emplace(field.path, Kind::kField);
      for (std::size_t dot = field.path.find('.'); dot != field.path.npos;
           dot = field.path.find('.', dot + 1)) {
        members_.emplace(field.path.substr(0, dot), Kind::kSection);
      }
    }
  }

  // Of the field at this place of the table.
  const json::json_pointer& pointer(std::size_t field) const { return pointers_[field]; }

  // The path of the first member of `object` that is no field, or of an object's member that should be one;
  // else empty.
  std::string unknown_member(const json& object, const std::string& prefix) const {
    for (const auto& [key, value] : object.items()) {
      std::string path = absl::StrCat(prefix, key);
      const auto member = members_.find(path);
      if (member == members_.end()) return path;
      if (member->second == Kind::kField || !value.is_object()) continue;  // its fields are then missing
      if (std::string unknown = unknown_member(value, absl::StrCat(path, ".")); !unknown.empty())
        return unknown;
    }
    return "";
  }

 private:
  enum class Kind { kField, kSection };

  std::vector<json::json_pointer> pointers_;
  std::unordered_map<std::string_view, Kind> members_;  // keys of the table's own texts
};

// Of the one table of fields that each owner has.
template <class Owner>
const Places<Owner>& places(std::span<const Field<Owner>> fields) {
  static const Places<Owner> places(fields);
  return places;
}

template <class Owner>
json write_fields(std::span<const Field<Owner>> fields, const Owner& owner) {
  json object = json::object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (is_present(fields[i], owner)) object[places(fields).pointer(i)] = fields[i].read(owner);
  }
  return object;
}

// Every field whose path begins with `section` must be there, but for those that are left out by default, and
// nothing else.
template <class Owner>
absl::Status read_fields(std::span<const Field<Owner>> fields, std::string_view section, const json& object,
                         Owner& owner) {
  if (!object.is_object()) return absl::InvalidArgumentError("the settings must be a JSON object");
  if (const std::string unknown = places(fields).unknown_member(object, ""); !unknown.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("unknown field '", unknown, "'"));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field<Owner>& field = fields[i];
    if (!field.path.starts_with(section)) continue;
    const json::json_pointer& pointer = places(fields).pointer(i);
    if (!object.contains(pointer)) {
      if (field.presence == Presence::kUnlessDefault) continue;
      return absl::InvalidArgumentError(fmt::format("the field '{}' is missing", field.path));
    }
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

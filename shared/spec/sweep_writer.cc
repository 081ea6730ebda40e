#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "shared/spec/fields.h"
#include "shared/spec/parameters.h"
#include "shared/spec/scalar.h"
#include "shared/spec/settings_json.h"
#include "shared/spec/sweep_yaml.h"
#include "shared/spec/takings.h"
#include "shared/spec/tree.h"
#include "shared/spec/value_json.h"

namespace melsweep::spec {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kBlockDepth = 2;  // deeper maps are written on one line

// JSON's quoted texts, numbers, lists and maps are YAML too.
std::string flow(const ordered_json& value) {
  if (value.is_string() && !needs_quotes(value.get_ref<const std::string&>()))
    return value.get<std::string>();
  if (!value.is_structured()) return value.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string inside;
  for (const auto& [key, item] : value.items()) {
    absl::StrAppend(&inside, inside.empty() ? "" : ", ", value.is_object() ? absl::StrCat(key, ": ") : "",
                    flow(item));
  }
  return value.is_object() ? absl::StrCat("{", inside, "}") : absl::StrCat("[", inside, "]");
}

// At the front of every line stand `margin` blanks and two for each depth.
void write_block(const ordered_json& map, std::size_t depth, std::size_t margin, std::string& out) {
  const std::string indent(margin + 2 * depth, ' ');
  for (const auto& [key, value] : map.items()) {
    absl::StrAppend(&out, indent, key, ":");
    if (value.is_object() && depth + 1 < kBlockDepth) {
      out.push_back('\n');
      write_block(value, depth + 1, margin, out);
    } else {
      absl::StrAppend(&out, " ", flow(value), "\n");
    }
  }
}

ordered_json& at_path(ordered_json& root, std::string_view dotted) {
  ordered_json* node = &root;
  for (const std::string& step : split_path(std::string(dotted))) node = &(*node)[step];
  return *node;
}

// What has no meaning with this kind of split must not be written: it would be refused.
bool has_meaning(const SplitSpec& split, std::string_view path) {
  if (path == "split.validation") return !split.cross_validation;
  if (path == "split.test")
    return split.by == SplitBy::kFold ? !split.test_folds.empty() : split.test_fraction > 0.0;
  if (path == "split.seed") return split.by != SplitBy::kFold;
  if (path == "split.cross_validation") return split.cross_validation;
  if (path == "split.allow_leakage") return split.allow_leakage;
  return true;
}

bool is_swept(const SweepSpec& sweep, std::string_view path) {
  return std::any_of(sweep.parameters.begin(), sweep.parameters.end(),
                     [&](const ParameterAxis& axis) { return axis.path == path; });
}

// Left out, the default follows the steps of each cell.
std::int64_t default_evaluate_every(const SweepSpec& sweep) {
  const std::int64_t by_default = TrainingSettings{}.evaluate_every;
  const bool steps_vary = is_swept(sweep, "training.steps") || takes_field(sweep, "training.steps");
  return steps_vary ? by_default : std::min(by_default, sweep.base.training.steps);
}

// Fields that are taken from another sweep.
enum class Taken { kLeftOut, kWritten };

void write_trial_fields(const SweepSpec& sweep, Taken taken, ordered_json& root) {
  for (const Field<TrialSettings>& field : trial_fields()) {
    if (is_swept(sweep, field.path) || !is_present(field, sweep.base)) continue;
    if (taken == Taken::kLeftOut && takes_field(sweep, field.path)) continue;
    if (field.path == "training.evaluate_every" &&
        sweep.base.training.evaluate_every == default_evaluate_every(sweep))
      continue;
    at_path(root, field.path) = ordered_json(field.read(sweep.base));
  }
}

ordered_json parameter_values(const ParameterAxis& axis) {
  const Field<TrialSettings>* field = find_trial_field(axis.path);
  ordered_json values = ordered_json::array();
  for (const ParameterValue& value : axis.values) {
    TrialSettings settings;
    const bool fits = field != nullptr && set_parameter(axis.path, value, settings).ok();
    values.push_back(ordered_json(fits ? field->read(settings) : from_parameter_value(value)));
  }
  return values;
}

void write_takings(const SweepSpec& sweep, ordered_json& root) {
  for (const Taking& taking : sweep.takes) {
    root["from"].push_back({{"sweep", taking.sweep}, {"take", ordered_json(taking.fields)}});
  }
}

void write_sweep(const SweepSpec& sweep, Taken taken, ordered_json& root) {
  root["name"] = "";  // the first
  for (const Field<DatasetSpec>& field : dataset_fields()) {
    if (!has_meaning(sweep.dataset.split, field.path)) continue;
    at_path(root, std::string("dataset.").append(field.path)) = ordered_json(field.read(sweep.dataset));
  }
  write_takings(sweep, root);
  write_trial_fields(sweep, taken, root);
  for (const ParameterAxis& axis : sweep.parameters) root["parameters"][axis.name] = parameter_values(axis);
  for (const Field<SweepSpec>& field : sweep_fields()) {
    if (is_present(field, sweep)) at_path(root, field.path) = ordered_json(field.read(sweep));
  }
}

// As an item of a list.
std::string item_of(const SweepSpec& sweep) {
  ordered_json item;
  write_sweep(sweep, Taken::kLeftOut, item);
  std::string text;
  write_block(item, 0, 4, text);
  return text.replace(2, 1, "-");
}

}  // namespace

std::string to_yaml(const SweepSpec& sweep) {
  ordered_json root = {{"version", 1}};
  write_sweep(sweep, Taken::kWritten, root);
  std::string yaml;
  write_block(root, 0, 0, yaml);
  return yaml;
}

std::string to_yaml(const Study& study) {
  if (study.sweeps.size() == 1 && study.sweeps.front().name == study.name)
    return to_yaml(study.sweeps.front());
  std::string yaml;
  write_block({{"version", 1}, {"name", study.name}}, 0, 0, yaml);
  yaml += "study:\n";
  for (const SweepSpec& sweep : study.sweeps) yaml += item_of(sweep);
  return yaml;
}

}  // namespace melsweep::spec

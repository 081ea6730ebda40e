#include "shared/spec/trained_model_json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/spec/settings_json.h"
#include "shared/spec/value_json.h"

namespace melsweep::spec {
namespace {

using nlohmann::ordered_json;

// JSON knows no number that is none.
ordered_json number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

double number_in(const ordered_json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

// What write_all() calls must be known before it.
ordered_json write(const Parameter& parameter);
ordered_json write(const SplitMetrics& metrics);

ordered_json write(const HashedFile& file) {
  return {{"path", file.path}, {"sha256", file.sha256}};
}

HashedFile read_file(const ordered_json& json) {
  return {.path = json.at("path").get<std::string>(), .sha256 = json.at("sha256").get<std::string>()};
}

ordered_json write(const ClassClips& clips) {
  return {{"class", clips.class_name},
          {"train", clips.train},
          {"validation", clips.validation},
          {"test", clips.test},
          {"pictures", clips.pictures}};
}

ClassClips read_clips(const ordered_json& json) {
  return {.class_name = json.at("class").get<std::string>(),
          .train = json.at("train").get<std::int64_t>(),
          .validation = json.at("validation").get<std::int64_t>(),
          .test = json.at("test").get<std::int64_t>(),
          // Where it is not said, nothing was augmented in a way that could be counted.
          .pictures = json.value("pictures", json.at("train").get<std::int64_t>())};
}

ordered_json write(const MetricPoint& point) {
  return {{"metric", point.name}, {"step", point.step}, {"value", number(point.value)}};
}

MetricPoint read_metric(const ordered_json& json) {
  return {.step = json.at("step").get<std::int64_t>(),
          .name = json.at("metric").get<std::string>(),
          .value = number_in(json.at("value"))};
}

ordered_json write(const ClassMetrics& metrics) {
  return {{"class", metrics.class_name},
          {"precision", metrics.precision},
          {"recall", metrics.recall},
          {"f1", metrics.f1},
          {"support", metrics.support}};
}

ClassMetrics read_class(const ordered_json& json) {
  return {.class_name = json.at("class").get<std::string>(),
          .precision = json.at("precision").get<double>(),
          .recall = json.at("recall").get<double>(),
          .f1 = json.at("f1").get<double>(),
          .support = json.at("support").get<std::int64_t>()};
}

template <class T>
ordered_json write_all(const std::vector<T>& values) {
  ordered_json list = ordered_json::array();
  for (const T& value : values) list.push_back(write(value));
  return list;
}

template <class Read>
auto read_all(const ordered_json& list, Read read) {
  std::vector<decltype(read(list))> values;
  for (const ordered_json& value : list) values.push_back(read(value));
  return values;
}

ordered_json write(const SplitMetrics& metrics) {
  return {{"split", metrics.split}, {"classes", write_all(metrics.classes)}};
}

SplitMetrics read_split(const ordered_json& json) {
  return {.split = json.at("split").get<std::string>(), .classes = read_all(json.at("classes"), read_class)};
}

ordered_json write(const Parameter& parameter) {
  return {{"name", parameter.name}, {"value", ordered_json(from_parameter_value(parameter.value))}};
}

Parameter read_parameter(const ordered_json& json) {
  return {.name = json.at("name").get<std::string>(),
          .value = to_parameter_value(nlohmann::json(json.at("value")))};
}

ordered_json write(const ModelOrigin& origin) {
  return {{"sweep", origin.sweep},
          {"sweep_id", origin.sweep_id},
          {"trial", origin.trial},
          {"parameters", write_all(origin.parameters)},
          {"seed", origin.seed},
          {"validation_fold", origin.validation_fold},
          {"step", origin.step},
          {"dataset", ordered_json(to_json(origin.dataset))},
          {"dataset_hash", origin.dataset_hash},
          {"trainer", origin.trainer},
          {"device", origin.device},
          {"finished_at", origin.finished_at},
          {"clips", write_all(origin.clips)},
          {"clips_skipped", origin.clips_skipped},
          {"metrics", write_all(origin.metrics)},
          {"evaluations", write_all(origin.evaluations)},
          {"warnings", origin.warnings}};
}

absl::StatusOr<ModelOrigin> read_origin(const ordered_json& json) {
  absl::StatusOr<DatasetSpec> dataset = dataset_from_json(nlohmann::json(json.at("dataset")));
  if (!dataset.ok()) return dataset.status();
  return ModelOrigin{.sweep = json.at("sweep").get<std::string>(),
                     .sweep_id = json.at("sweep_id").get<std::int64_t>(),
                     .trial = json.at("trial").get<std::int64_t>(),
                     .parameters = read_all(json.at("parameters"), read_parameter),
                     .seed = json.at("seed").get<std::uint64_t>(),
                     .validation_fold = json.at("validation_fold").get<int>(),
                     .step = json.at("step").get<std::int64_t>(),
                     .dataset = *std::move(dataset),
                     .dataset_hash = json.at("dataset_hash").get<std::string>(),
                     .trainer = json.at("trainer").get<std::string>(),
                     .device = json.at("device").get<std::string>(),
                     .finished_at = json.at("finished_at").get<std::string>(),
                     .clips_skipped = json.at("clips_skipped").get<std::int64_t>(),
                     .clips = read_all(json.at("clips"), read_clips),
                     .metrics = read_all(json.at("metrics"), read_metric),
                     .evaluations = read_all(json.at("evaluations"), read_split),
                     .warnings = json.at("warnings").get<std::vector<std::string>>()};
}

absl::Status check_format(const ordered_json& json) {
  if (!json.is_object() || json.value("format", "") != kModelFormat) {
    return absl::InvalidArgumentError("it is no description of a model (its \"format\" is another)");
  }
  const int version = json.at("version").get<int>();
  if (version <= kModelFormatVersion) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("its version is ", version,
                                                 ", and this program reads up to ", kModelFormatVersion,
                                                 "; use the newer melsweep"));
}

absl::StatusOr<TrainedModel> read_model(const ordered_json& json) {
  if (absl::Status status = check_format(json); !status.ok()) return status;
  absl::StatusOr<TrialSettings> settings = settings_from_json(nlohmann::json(json.at("settings")));
  if (!settings.ok()) return settings.status();
  absl::StatusOr<ModelOrigin> origin = read_origin(json.at("origin"));
  if (!origin.ok()) return origin.status();
  TrainedModel model{.labels = json.at("labels").get<std::vector<std::string>>(),
                     .settings = *std::move(settings),
                     .file = read_file(json.at("file")),
                     .start = read_file(json.at("start")),
                     .origin = *std::move(origin)};
  if (model.labels.empty()) return absl::InvalidArgumentError("it has no labels");
  return model;
}

}  // namespace

ordered_json to_json(const TrainedModel& model) {
  return {{"format", kModelFormat},       {"version", kModelFormatVersion},
          {"labels", model.labels},       {"file", write(model.file)},
          {"start", write(model.start)},  {"settings", ordered_json(to_json(model.settings))},
          {"origin", write(model.origin)}};
}

absl::StatusOr<TrainedModel> trained_model_from_json(const ordered_json& json) {
  try {
    return read_model(json);
  } catch (const nlohmann::json::exception& error) {
    return absl::InvalidArgumentError(error.what());
  }
}

}  // namespace melsweep::spec

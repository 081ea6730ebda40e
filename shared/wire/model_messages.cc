#include "shared/wire/model_messages.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "shared/wire/decoding.h"

namespace melsweep::wire {

v1::AttemptRef encode(const AttemptRef& attempt) {
  v1::AttemptRef message;
  message.set_trial_id(attempt.trial.value);
  message.set_epoch(attempt.epoch);
  return message;
}

absl::StatusOr<AttemptRef> decode(const v1::AttemptRef& message) {
  const auto trial = decode_id<TrialId>("trial_id", message.trial_id());
  if (!trial.ok()) return trial.status();
  if (auto status = check_epoch(message.epoch()); !status.ok()) return status;
  return AttemptRef{*trial, message.epoch()};
}

v1::Parameter encode(const Parameter& parameter) {
  struct SetValue {
    v1::Parameter& message;
    void operator()(std::int64_t value) const { message.set_integer(value); }
    void operator()(double value) const { message.set_number(value); }
    void operator()(bool value) const { message.set_boolean(value); }
    void operator()(const std::string& value) const { message.set_text(value); }
  };
  v1::Parameter message;
  message.set_name(parameter.name);
  std::visit(SetValue{message}, parameter.value);
  return message;
}

absl::StatusOr<Parameter> decode(const v1::Parameter& message) {
  switch (message.value_case()) {
    case v1::Parameter::kInteger:
      return Parameter{message.name(), message.integer()};
    case v1::Parameter::kNumber:
      return Parameter{message.name(), message.number()};
    case v1::Parameter::kBoolean:
      return Parameter{message.name(), message.boolean()};
    case v1::Parameter::kText:
      return Parameter{message.name(), message.text()};
    case v1::Parameter::VALUE_NOT_SET:
      break;
  }
  return bad_field("parameter", absl::StrCat("'", message.name(), "' has no value"));
}

v1::MetricPoint encode(const MetricPoint& point) {
  v1::MetricPoint message;
  message.set_step(point.step);
  message.set_name(point.name);
  message.set_value(point.value);
  return message;
}

absl::StatusOr<MetricPoint> decode(const v1::MetricPoint& message) {
  if (auto status = check_not_negative("step", message.step()); !status.ok()) return status;
  const auto name = decode_name<std::string>("metric", message.name());
  if (!name.ok()) return name.status();
  return MetricPoint{message.step(), *name, message.value()};
}

v1::ClassMetrics encode(const ClassMetrics& metrics) {
  v1::ClassMetrics message;
  message.set_class_name(metrics.class_name);
  message.set_precision(metrics.precision);
  message.set_recall(metrics.recall);
  message.set_f1(metrics.f1);
  message.set_support(metrics.support);
  return message;
}

absl::StatusOr<ClassMetrics> decode(const v1::ClassMetrics& message) {
  if (auto status = check_not_negative("support", message.support()); !status.ok()) return status;
  return ClassMetrics{message.class_name(), message.precision(), message.recall(), message.f1(),
                      message.support()};
}

v1::Progress encode(const Progress& progress) {
  v1::Progress message;
  message.set_stage(progress.stage);
  message.set_done(progress.done);
  message.set_total(progress.total);
  return message;
}

absl::StatusOr<Progress> decode(const v1::Progress& message) {
  if (auto status = check_length("stage", message.stage(), kMaxNameBytes); !status.ok()) return status;
  if (auto status = check_not_negative("done", message.done()); !status.ok()) return status;
  if (auto status = check_not_negative("total", message.total()); !status.ok()) return status;
  return Progress{message.stage(), message.done(), message.total()};
}

v1::Split encode(Split split) {
  switch (split) {
    case Split::kTrain:
      return v1::SPLIT_TRAIN;
    case Split::kValidation:
      return v1::SPLIT_VALIDATION;
    case Split::kTest:
      return v1::SPLIT_TEST;
  }
  return v1::SPLIT_UNSPECIFIED;
}

absl::StatusOr<Split> decode(v1::Split message) {
  switch (message) {
    case v1::SPLIT_TRAIN:
      return Split::kTrain;
    case v1::SPLIT_VALIDATION:
      return Split::kValidation;
    case v1::SPLIT_TEST:
      return Split::kTest;
    default:
      return bad_field("split", absl::StrCat("unknown value ", static_cast<int>(message)));
  }
}

// Unspecified is what was said before there were others.
v1::ArtifactKind encode(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kCheckpoint:
      return v1::ARTIFACT_KIND_UNSPECIFIED;
    case ArtifactKind::kMisclassified:
      return v1::ARTIFACT_KIND_MISCLASSIFIED;
  }
  return v1::ARTIFACT_KIND_UNSPECIFIED;
}

absl::StatusOr<ArtifactKind> decode(v1::ArtifactKind message) {
  switch (message) {
    case v1::ARTIFACT_KIND_UNSPECIFIED:
      return ArtifactKind::kCheckpoint;
    case v1::ARTIFACT_KIND_MISCLASSIFIED:
      return ArtifactKind::kMisclassified;
    default:
      return bad_field("kind", absl::StrCat("unknown value ", static_cast<int>(message)));
  }
}

v1::WorkerResources encode(const WorkerResources& resources) {
  v1::WorkerResources message;
  message.set_gpus(resources.gpus);
  message.set_gpu_memory_bytes(resources.gpu_memory.bytes);
  message.set_cpus(resources.cpus);
  for (const std::string& label : resources.labels) message.add_labels(label);
  return message;
}

absl::StatusOr<WorkerResources> decode(const v1::WorkerResources& message) {
  for (const auto& [field, value] : {std::pair("resources.gpus", std::int64_t{message.gpus()}),
                                     std::pair("resources.gpu_memory_bytes", message.gpu_memory_bytes()),
                                     std::pair("resources.cpus", std::int64_t{message.cpus()})}) {
    if (auto status = check_not_negative(field, value); !status.ok()) return status;
  }
  if (message.labels_size() > kMaxLabels)
    return bad_field("resources.labels", absl::StrCat("are more than ", kMaxLabels));
  for (const std::string& label : message.labels()) {
    if (auto status = check_length("resources.labels", label, kMaxNameBytes); !status.ok()) return status;
  }
  return WorkerResources{.gpus = message.gpus(),
                         .gpu_memory = {message.gpu_memory_bytes()},
                         .cpus = message.cpus(),
                         .labels = {message.labels().begin(), message.labels().end()}};
}

}  // namespace melsweep::wire

#include "shared/wire/worker_messages.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "shared/spec/settings_json.h"
#include "shared/wire/dataset_messages.h"
#include "shared/wire/decoding.h"
#include "shared/wire/evaluation_messages.h"
#include "shared/wire/model_messages.h"

namespace melsweep::wire {
namespace {

v1::PrepareRef encode_prepare_ref(const PrepareRef& ref) {
  v1::PrepareRef message;
  message.set_sweep_id(ref.sweep.value);
  message.set_epoch(ref.epoch);
  return message;
}

absl::StatusOr<PrepareRef> decode_prepare_ref(std::int64_t sweep_id, std::int32_t epoch) {
  const auto sweep = decode_id<SweepId>("sweep_id", sweep_id);
  if (!sweep.ok()) return sweep.status();
  if (auto status = check_epoch(epoch); !status.ok()) return status;
  return PrepareRef{*sweep, epoch};
}

// The JSON text of a field, or an InvalidArgument that names the field.
absl::StatusOr<nlohmann::json> parse_json(absl::string_view field, const std::string& text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return bad_field(field, "is no JSON");
  return json;
}

absl::StatusOr<DatasetSpec> decode_dataset(const std::string& text) {
  const auto json = parse_json("dataset_json", text);
  if (!json.ok()) return json.status();
  auto dataset = spec::dataset_from_json(*json);
  if (!dataset.ok()) return bad_field("dataset_json", dataset.status().message());
  return dataset;
}

absl::StatusOr<TrialSettings> decode_settings(const std::string& text) {
  const auto json = parse_json("settings_json", text);
  if (!json.ok()) return json.status();
  auto settings = spec::settings_from_json(*json);
  if (!settings.ok()) return bad_field("settings_json", settings.status().message());
  return settings;
}

v1::PrepareAssignment encode_prepare(const PrepareAssignment& prepare) {
  v1::PrepareAssignment message;
  message.set_sweep_id(prepare.ref.sweep.value);
  message.set_epoch(prepare.ref.epoch);
  message.set_dataset_json(spec::to_json(prepare.dataset).dump());
  message.mutable_weights()->Assign(prepare.weights.begin(), prepare.weights.end());
  return message;
}

absl::StatusOr<Assignment> decode_prepare(const v1::PrepareAssignment& message) {
  const auto ref = decode_prepare_ref(message.sweep_id(), message.epoch());
  if (!ref.ok()) return ref.status();
  auto dataset = decode_dataset(message.dataset_json());
  if (!dataset.ok()) return dataset.status();
  return PrepareAssignment{*ref, *std::move(dataset), {message.weights().begin(), message.weights().end()}};
}

v1::TrialAssignment encode_trial(const TrialAssignment& trial) {
  v1::TrialAssignment message;
  *message.mutable_attempt() = encode(AttemptRef{trial.plan.id, trial.epoch});
  message.set_sweep_id(trial.plan.sweep.value);
  message.set_dataset_json(spec::to_json(trial.plan.dataset).dump());
  message.set_dataset_hash(trial.plan.dataset_hash);
  message.set_validation_fold(trial.plan.validation_fold);
  message.set_settings_json(spec::to_json(trial.plan.settings).dump());
  message.set_weights_hash(trial.plan.weights_hash);
  message.set_seed(trial.plan.seed);
  message.set_evaluate(encode(trial.plan.evaluate));
  message.set_trains_on_validation(trial.plan.train_on == TrainOn::kTrainingAndValidation);
  for (const CheckpointRef& checkpoint : trial.checkpoints) {
    v1::CheckpointRef* ref = message.add_checkpoints();
    ref->set_epoch(checkpoint.epoch);
    ref->set_step(checkpoint.step);
    ref->set_sha256(checkpoint.sha256);
  }
  return message;
}

absl::StatusOr<CheckpointRef> decode_checkpoint_ref(const v1::CheckpointRef& message) {
  if (auto status = check_epoch(message.epoch()); !status.ok()) return status;
  if (auto status = check_not_negative("step", message.step()); !status.ok()) return status;
  return CheckpointRef{message.epoch(), message.step(), message.sha256()};
}

absl::StatusOr<Assignment> decode_trial(const v1::TrialAssignment& message) {
  const auto attempt = decode(message.attempt());
  if (!attempt.ok()) return attempt.status();
  const auto sweep = decode_id<SweepId>("sweep_id", message.sweep_id());
  if (!sweep.ok()) return sweep.status();
  if (auto status = check_not_negative("validation_fold", message.validation_fold()); !status.ok())
    return status;
  auto dataset = decode_dataset(message.dataset_json());
  if (!dataset.ok()) return dataset.status();
  auto settings = decode_settings(message.settings_json());
  if (!settings.ok()) return settings.status();
  auto checkpoints = decode_all(message.checkpoints(), decode_checkpoint_ref);
  if (!checkpoints.ok()) return checkpoints.status();
  // Coordinators before 0.3 do not say it.
  const absl::StatusOr<Split> evaluate =
      message.evaluate() == v1::SPLIT_UNSPECIFIED ? Split::kValidation : decode(message.evaluate());
  if (!evaluate.ok()) return evaluate.status();
  TrialPlan plan{attempt->trial,
                 *sweep,
                 *std::move(dataset),
                 message.dataset_hash(),
                 message.validation_fold(),
                 *std::move(settings),
                 message.weights_hash(),
                 message.seed(),
                 *evaluate,
                 message.trains_on_validation() ? TrainOn::kTrainingAndValidation : TrainOn::kTraining};
  return TrialAssignment{attempt->epoch, std::move(plan), *std::move(checkpoints)};
}

}  // namespace

v1::Assignment encode(const Assignment& assignment) {
  v1::Assignment message;
  if (const auto* prepare = std::get_if<PrepareAssignment>(&assignment)) {
    *message.mutable_prepare() = encode_prepare(*prepare);
  } else {
    *message.mutable_trial() = encode_trial(std::get<TrialAssignment>(assignment));
  }
  return message;
}

absl::StatusOr<Assignment> decode(const v1::Assignment& message) {
  switch (message.work_case()) {
    case v1::Assignment::kPrepare:
      return decode_prepare(message.prepare());
    case v1::Assignment::kTrial:
      return decode_trial(message.trial());
    case v1::Assignment::WORK_NOT_SET:
      break;
  }
  return bad_field("assignment", "has no work");
}

v1::WorkRef encode(const WorkRef& work) {
  v1::WorkRef message;
  if (const auto* prepare = std::get_if<PrepareRef>(&work)) {
    *message.mutable_prepare() = encode_prepare_ref(*prepare);
  } else {
    *message.mutable_attempt() = encode(std::get<AttemptRef>(work));
  }
  return message;
}

absl::StatusOr<WorkRef> decode(const v1::WorkRef& message) {
  switch (message.work_case()) {
    case v1::WorkRef::kAttempt:
      return decode(message.attempt());
    case v1::WorkRef::kPrepare:
      return decode_prepare_ref(message.prepare().sweep_id(), message.prepare().epoch());
    case v1::WorkRef::WORK_NOT_SET:
      break;
  }
  return bad_field("work", "is neither an attempt nor a preparation");
}

v1::RunningWork encode(const RunningWork& running) {
  v1::RunningWork message;
  *message.mutable_work() = encode(running.work);
  *message.mutable_progress() = encode(running.progress);
  return message;
}

absl::StatusOr<RunningWork> decode(const v1::RunningWork& message) {
  const auto work = decode(message.work());
  if (!work.ok()) return work.status();
  auto progress = decode(message.progress());
  if (!progress.ok()) return progress.status();
  return RunningWork{*work, *std::move(progress)};
}

absl::StatusOr<std::vector<WorkRef>> decode(const google::protobuf::RepeatedPtrField<v1::WorkRef>& messages) {
  return decode_all(messages, [](const v1::WorkRef& message) { return decode(message); });
}

absl::StatusOr<std::vector<RunningWork>> decode(
    const google::protobuf::RepeatedPtrField<v1::RunningWork>& messages) {
  return decode_all(messages, [](const v1::RunningWork& message) { return decode(message); });
}

}  // namespace melsweep::wire

#include "shared/wire/results_messages.h"

#include <utility>

#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"

namespace melsweep::wire {
namespace {

v1::SweepState encode_state(SweepState state) {
  switch (state) {
    case SweepState::kWaiting:
      return v1::SWEEP_STATE_WAITING;
    case SweepState::kPreparing:
      return v1::SWEEP_STATE_PREPARING;
    case SweepState::kRunning:
      return v1::SWEEP_STATE_RUNNING;
    case SweepState::kFinished:
      return v1::SWEEP_STATE_FINISHED;
    case SweepState::kFailed:
      return v1::SWEEP_STATE_FAILED;
    case SweepState::kCancelled:
      return v1::SWEEP_STATE_CANCELLED;
  }
  return v1::SWEEP_STATE_UNSPECIFIED;
}

absl::StatusOr<SweepState> decode_state(v1::SweepState state) {
  switch (state) {
    case v1::SWEEP_STATE_WAITING:
      return SweepState::kWaiting;
    case v1::SWEEP_STATE_PREPARING:
      return SweepState::kPreparing;
    case v1::SWEEP_STATE_RUNNING:
      return SweepState::kRunning;
    case v1::SWEEP_STATE_FINISHED:
      return SweepState::kFinished;
    case v1::SWEEP_STATE_FAILED:
      return SweepState::kFailed;
    case v1::SWEEP_STATE_CANCELLED:
      return SweepState::kCancelled;
    default:
      return bad_field("sweep.state", absl::StrCat("unknown value ", static_cast<int>(state)));
  }
}

v1::TrialState encode_state(TrialState state) {
  switch (state) {
    case TrialState::kPending:
      return v1::TRIAL_STATE_PENDING;
    case TrialState::kRunning:
      return v1::TRIAL_STATE_RUNNING;
    case TrialState::kFinished:
      return v1::TRIAL_STATE_FINISHED;
    case TrialState::kFailed:
      return v1::TRIAL_STATE_FAILED;
    case TrialState::kCancelled:
      return v1::TRIAL_STATE_CANCELLED;
  }
  return v1::TRIAL_STATE_UNSPECIFIED;
}

absl::StatusOr<TrialState> decode_state(v1::TrialState state) {
  switch (state) {
    case v1::TRIAL_STATE_PENDING:
      return TrialState::kPending;
    case v1::TRIAL_STATE_RUNNING:
      return TrialState::kRunning;
    case v1::TRIAL_STATE_FINISHED:
      return TrialState::kFinished;
    case v1::TRIAL_STATE_FAILED:
      return TrialState::kFailed;
    case v1::TRIAL_STATE_CANCELLED:
      return TrialState::kCancelled;
    default:
      return bad_field("trial.state", absl::StrCat("unknown value ", static_cast<int>(state)));
  }
}

absl::Status check_counts(const v1::SweepSummary& message) {
  const std::pair<absl::string_view, std::int64_t> counts[] = {
      {"trials_total", message.trials_total()},       {"trials_running", message.trials_running()},
      {"trials_finished", message.trials_finished()}, {"trials_failed", message.trials_failed()},
      {"trials_reused", message.trials_reused()},     {"clips", message.clips()},
      {"clips_skipped", message.clips_skipped()},     {"study_id", message.study_id()}};
  for (const auto& [field, count] : counts) {
    if (auto status = check_not_negative(field, count); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

v1::SweepSummary encode(const results::SweepSummary& sweep) {
  v1::SweepSummary message;
  message.set_id(sweep.id.value);
  message.set_name(sweep.name);
  message.set_state(encode_state(sweep.state));
  message.set_paused(sweep.paused);
  message.set_reason(sweep.reason);
  message.set_objective_metric(sweep.objective_metric);
  message.set_minimize(sweep.goal == Goal::kMinimize);
  message.set_trials_total(sweep.trials_total);
  message.set_trials_running(sweep.trials_running);
  message.set_trials_finished(sweep.trials_finished);
  message.set_trials_failed(sweep.trials_failed);
  message.set_trials_reused(sweep.trials_reused);
  message.set_clips(sweep.clips);
  message.set_clips_skipped(sweep.clips_skipped);
  message.mutable_warnings()->Assign(sweep.warnings.begin(), sweep.warnings.end());
  message.set_created_ms(sweep.created_ms);
  message.set_finished_ms(sweep.finished_ms);
  message.set_study(sweep.study);
  message.set_study_id(sweep.study_id.value);
  message.set_waits_for(sweep.waits_for);
  message.set_unmet(sweep.unmet);
  return message;
}

absl::StatusOr<results::SweepSummary> decode(const v1::SweepSummary& message) {
  const auto id = decode_id<SweepId>("sweep.id", message.id());
  if (!id.ok()) return id.status();
  const auto state = decode_state(message.state());
  if (!state.ok()) return state.status();
  if (auto status = check_counts(message); !status.ok()) return status;
  results::SweepSummary sweep;
  sweep.id = *id;
  sweep.name = message.name();
  sweep.state = *state;
  sweep.paused = message.paused();
  sweep.reason = message.reason();
  sweep.objective_metric = message.objective_metric();
  sweep.goal = message.minimize() ? Goal::kMinimize : Goal::kMaximize;
  sweep.trials_total = message.trials_total();
  sweep.trials_running = message.trials_running();
  sweep.trials_finished = message.trials_finished();
  sweep.trials_failed = message.trials_failed();
  sweep.trials_reused = message.trials_reused();
  sweep.clips = message.clips();
  sweep.clips_skipped = message.clips_skipped();
  sweep.warnings.assign(message.warnings().begin(), message.warnings().end());
  sweep.created_ms = message.created_ms();
  sweep.finished_ms = message.finished_ms();
  sweep.study = message.study();
  sweep.study_id = SweepId{message.study_id()};
  sweep.waits_for = message.waits_for();
  sweep.unmet = message.unmet();
  return sweep;
}

v1::TrialSummary encode(const results::TrialSummary& trial) {
  v1::TrialSummary message;
  message.set_id(trial.id.value);
  message.set_sweep_id(trial.sweep.value);
  message.set_number(trial.number);
  message.set_rank(trial.rank);
  for (const Parameter& parameter : trial.parameters) *message.add_parameters() = encode(parameter);
  message.set_seed(trial.seed);
  message.set_validation_fold(trial.validation_fold);
  message.set_state(encode_state(trial.state));
  message.set_attempts(trial.attempts);
  message.set_worker(trial.worker);
  if (trial.objective) message.set_objective(*trial.objective);
  for (const MetricPoint& point : trial.last_metrics) *message.add_last_metrics() = encode(point);
  message.set_failure(trial.failure);
  message.set_checkpoint(trial.checkpoint);
  message.set_started_ms(trial.started_ms);
  message.set_finished_ms(trial.finished_ms);
  return message;
}

absl::StatusOr<results::TrialSummary> decode(const v1::TrialSummary& message) {
  const auto id = decode_id<TrialId>("trial.id", message.id());
  if (!id.ok()) return id.status();
  const auto sweep = decode_id<SweepId>("trial.sweep_id", message.sweep_id());
  if (!sweep.ok()) return sweep.status();
  const auto state = decode_state(message.state());
  if (!state.ok()) return state.status();
  auto parameters = decode_all(message.parameters(), [](const v1::Parameter& one) { return decode(one); });
  if (!parameters.ok()) return parameters.status();
  auto metrics = decode_all(message.last_metrics(), [](const v1::MetricPoint& one) { return decode(one); });
  if (!metrics.ok()) return metrics.status();
  results::TrialSummary trial;
  trial.id = *id;
  trial.sweep = *sweep;
  trial.number = message.number();
  trial.rank = message.rank();
  trial.parameters = *std::move(parameters);
  trial.seed = message.seed();
  trial.validation_fold = message.validation_fold();
  trial.state = *state;
  trial.attempts = message.attempts();
  trial.worker = message.worker();
  if (message.has_objective()) trial.objective = message.objective();
  trial.last_metrics = *std::move(metrics);
  trial.failure = message.failure();
  trial.checkpoint = message.checkpoint();
  trial.started_ms = message.started_ms();
  trial.finished_ms = message.finished_ms();
  return trial;
}

v1::SweepProgress encode(const results::SweepProgress& progress) {
  v1::SweepProgress message;
  *message.mutable_sweep() = encode(progress.sweep);
  if (progress.best) *message.mutable_best() = encode(*progress.best);
  message.set_mean_duration_ms(progress.mean_duration_ms);
  return message;
}

absl::StatusOr<results::SweepProgress> decode(const v1::SweepProgress& message) {
  auto sweep = decode(message.sweep());
  if (!sweep.ok()) return sweep.status();
  if (auto status = check_not_negative("mean_duration_ms", message.mean_duration_ms()); !status.ok())
    return status;
  results::SweepProgress progress;
  progress.sweep = *std::move(sweep);
  progress.mean_duration_ms = message.mean_duration_ms();
  if (!message.has_best()) return progress;
  auto best = decode(message.best());
  if (!best.ok()) return best.status();
  progress.best = *std::move(best);
  return progress;
}

v1::WorkerSummary encode(const results::WorkerSummary& worker) {
  v1::WorkerSummary message;
  message.set_id(worker.id.value);
  message.set_host(worker.host);
  message.set_device(worker.device);
  message.set_trial_id(worker.trial ? worker.trial->value : 0);
  *message.mutable_progress() = encode(worker.progress);
  message.set_last_seen_ms(worker.last_seen_ms);
  message.set_draining(worker.draining);
  message.set_alive(worker.alive);
  *message.mutable_resources() = encode(worker.resources);
  return message;
}

absl::StatusOr<results::WorkerSummary> decode(const v1::WorkerSummary& message) {
  auto id = decode_name<WorkerId>("worker.id", message.id());
  if (!id.ok()) return id.status();
  if (auto status = check_not_negative("worker.trial_id", message.trial_id()); !status.ok()) return status;
  auto progress = decode(message.progress());
  if (!progress.ok()) return progress.status();
  auto resources = decode(message.resources());
  if (!resources.ok()) return resources.status();
  results::WorkerSummary worker;
  worker.id = *std::move(id);
  worker.host = message.host();
  worker.device = message.device();
  if (message.trial_id() > 0) worker.trial = TrialId{message.trial_id()};
  worker.progress = *std::move(progress);
  worker.last_seen_ms = message.last_seen_ms();
  worker.draining = message.draining();
  worker.alive = message.alive();
  worker.resources = *std::move(resources);
  return worker;
}

absl::StatusOr<std::vector<results::SweepSummary>> decode(
    const google::protobuf::RepeatedPtrField<v1::SweepSummary>& messages) {
  return decode_all(messages, [](const v1::SweepSummary& message) { return decode(message); });
}

absl::StatusOr<std::vector<results::TrialSummary>> decode(
    const google::protobuf::RepeatedPtrField<v1::TrialSummary>& messages) {
  return decode_all(messages, [](const v1::TrialSummary& message) { return decode(message); });
}

absl::StatusOr<std::vector<results::WorkerSummary>> decode(
    const google::protobuf::RepeatedPtrField<v1::WorkerSummary>& messages) {
  return decode_all(messages, [](const v1::WorkerSummary& message) { return decode(message); });
}

absl::StatusOr<std::vector<ClassMetrics>> decode(
    const google::protobuf::RepeatedPtrField<v1::ClassMetrics>& messages) {
  return decode_all(messages, [](const v1::ClassMetrics& message) { return decode(message); });
}

}  // namespace melsweep::wire

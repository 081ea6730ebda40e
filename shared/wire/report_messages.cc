#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "shared/wire/dataset_messages.h"
#include "shared/wire/decoding.h"
#include "shared/wire/evaluation_messages.h"
#include "shared/wire/model_messages.h"
#include "shared/wire/worker_messages.h"

namespace melsweep::wire {
namespace {

v1::FailureKind encode_kind(FailureKind kind) {
  switch (kind) {
    case FailureKind::kBadData:
      return v1::FAILURE_KIND_BAD_DATA;
    case FailureKind::kBadConfiguration:
      return v1::FAILURE_KIND_BAD_CONFIGURATION;
    case FailureKind::kOutOfMemory:
      return v1::FAILURE_KIND_OUT_OF_MEMORY;
    case FailureKind::kTrainerDied:
      return v1::FAILURE_KIND_TRAINER_DIED;
    case FailureKind::kInternal:
      return v1::FAILURE_KIND_INTERNAL;
  }
  return v1::FAILURE_KIND_UNSPECIFIED;
}

absl::StatusOr<FailureKind> decode_kind(v1::FailureKind kind) {
  switch (kind) {
    case v1::FAILURE_KIND_BAD_DATA:
      return FailureKind::kBadData;
    case v1::FAILURE_KIND_BAD_CONFIGURATION:
      return FailureKind::kBadConfiguration;
    case v1::FAILURE_KIND_OUT_OF_MEMORY:
      return FailureKind::kOutOfMemory;
    case v1::FAILURE_KIND_TRAINER_DIED:
      return FailureKind::kTrainerDied;
    case v1::FAILURE_KIND_INTERNAL:
      return FailureKind::kInternal;
    default:
      return bad_field("failed.kind", absl::StrCat("unknown value ", static_cast<int>(kind)));
  }
}

v1::ReleaseReason encode_reason(ReleaseReason reason) {
  switch (reason) {
    case ReleaseReason::kDrained:
      return v1::RELEASE_REASON_DRAINED;
    case ReleaseReason::kTimeLimit:
      return v1::RELEASE_REASON_TIME_LIMIT;
    case ReleaseReason::kPaused:
      return v1::RELEASE_REASON_PAUSED;
    case ReleaseReason::kNoContact:
      return v1::RELEASE_REASON_NO_CONTACT;
    case ReleaseReason::kUndelivered:
      return v1::RELEASE_REASON_UNDELIVERED;
    case ReleaseReason::kGroupDied:
      return v1::RELEASE_REASON_GROUP_DIED;
  }
  return v1::RELEASE_REASON_UNSPECIFIED;
}

absl::StatusOr<ReleaseReason> decode_reason(v1::ReleaseReason reason) {
  switch (reason) {
    case v1::RELEASE_REASON_UNSPECIFIED:  // by workers that give no other
    case v1::RELEASE_REASON_DRAINED:
      return ReleaseReason::kDrained;
    case v1::RELEASE_REASON_TIME_LIMIT:
      return ReleaseReason::kTimeLimit;
    case v1::RELEASE_REASON_PAUSED:
      return ReleaseReason::kPaused;
    case v1::RELEASE_REASON_NO_CONTACT:
      return ReleaseReason::kNoContact;
    case v1::RELEASE_REASON_UNDELIVERED:
      return ReleaseReason::kUndelivered;
    case v1::RELEASE_REASON_GROUP_DIED:
      return ReleaseReason::kGroupDied;
    default:
      return bad_field("released.reason", absl::StrCat("unknown value ", static_cast<int>(reason)));
  }
}

struct SetEvent {
  v1::Report& message;

  void operator()(const MetricsReport& metrics) const {
    v1::Metrics* points = message.mutable_metrics();
    for (const MetricPoint& point : metrics.points) *points->add_points() = encode(point);
  }
  void operator()(const DatasetReport& dataset) const { *message.mutable_dataset() = encode(dataset); }
  void operator()(const CompletedReport& completed) const {
    *message.mutable_completed()->mutable_checkpoint() = encode(completed.checkpoint);
    *message.mutable_completed()->mutable_evaluation() = encode(completed.evaluation);
    message.mutable_completed()->mutable_warnings()->Assign(completed.warnings.begin(),
                                                            completed.warnings.end());
    for (const StageTime& stage : completed.stages) {
      v1::StageTime* message_stage = message.mutable_completed()->add_stages();
      message_stage->set_stage(stage.stage);
      message_stage->set_seconds(stage.seconds);
      message_stage->set_made(stage.made);
      message_stage->set_found(stage.found);
    }
  }
  void operator()(const Failure& failure) const { *message.mutable_failed() = encode(failure); }
  void operator()(const ReleasedReport& released) const {
    message.mutable_released()->set_reason(encode_reason(released.reason));
  }
  void operator()(const ResumedReport& resumed) const {
    message.mutable_resumed()->set_epoch(resumed.from.epoch);
    message.mutable_resumed()->set_step(resumed.from.step);
  }
  void operator()(const CheckpointReport& stored) const {
    *message.mutable_checkpoint()->mutable_checkpoint() = encode(stored.checkpoint);
  }
};

// A decoded part as the event it is of, or its error.
template <class Part>
absl::StatusOr<ReportEvent> as_event(absl::StatusOr<Part> part) {
  if (!part.ok()) return part.status();
  return ReportEvent(*std::move(part));
}

absl::StatusOr<MetricsReport> decode_metrics(const v1::Metrics& message) {
  auto points = decode_all(message.points(), [](const v1::MetricPoint& point) { return decode(point); });
  if (!points.ok()) return points.status();
  return MetricsReport{*std::move(points)};
}

// Their number is checked before any is taken.
absl::StatusOr<std::vector<StageTime>> decode_stages(
    const google::protobuf::RepeatedPtrField<v1::StageTime>& messages) {
  constexpr char kField[] = "completed.stages";
  if (static_cast<std::size_t>(messages.size()) > kMaxStages)
    return bad_field(kField, absl::StrCat("are ", messages.size(), "; at most ", kMaxStages, " are allowed"));
  std::vector<StageTime> stages;
  for (const v1::StageTime& message : messages) {
    stages.push_back({message.stage(), message.seconds(), message.made(), message.found()});
  }
  if (const std::string flaw = stage_flaw(stages); !flaw.empty()) return bad_field(kField, flaw);
  return stages;
}

absl::StatusOr<CompletedReport> decode_completed(const v1::Completed& message) {
  auto checkpoint = decode(message.checkpoint());
  if (!checkpoint.ok()) return checkpoint.status();
  auto evaluation = decode(message.evaluation());
  if (!evaluation.ok()) return evaluation.status();
  auto stages = decode_stages(message.stages());
  if (!stages.ok()) return stages.status();
  return CompletedReport{*std::move(checkpoint),
                         *std::move(evaluation),
                         {message.warnings().begin(), message.warnings().end()},
                         *std::move(stages)};
}

absl::StatusOr<ReleasedReport> decode_released(const v1::Released& message) {
  const auto reason = decode_reason(message.reason());
  if (!reason.ok()) return reason.status();
  return ReleasedReport{*reason};
}

absl::StatusOr<ResumedReport> decode_resumed(const v1::Resumed& message) {
  if (auto status = check_epoch(message.epoch()); !status.ok()) return status;
  if (auto status = check_not_negative("resumed.step", message.step()); !status.ok()) return status;
  return ResumedReport{{message.epoch(), message.step()}};
}

absl::StatusOr<CheckpointReport> decode_stored(const v1::CheckpointStored& message) {
  auto checkpoint = decode(message.checkpoint());
  if (!checkpoint.ok()) return checkpoint.status();
  return CheckpointReport{*std::move(checkpoint)};
}

absl::StatusOr<ReportEvent> decode_event(const v1::Report& message) {
  switch (message.event_case()) {
    case v1::Report::kMetrics:
      return as_event(decode_metrics(message.metrics()));
    case v1::Report::kDataset:
      return as_event(decode(message.dataset()));
    case v1::Report::kCompleted:
      return as_event(decode_completed(message.completed()));
    case v1::Report::kFailed:
      return as_event(decode(message.failed()));
    case v1::Report::kReleased:
      return as_event(decode_released(message.released()));
    case v1::Report::kResumed:
      return as_event(decode_resumed(message.resumed()));
    case v1::Report::kCheckpoint:
      return as_event(decode_stored(message.checkpoint()));
    case v1::Report::EVENT_NOT_SET:
      break;
  }
  return bad_field("report", "says nothing of its work");
}

// Preparations measure nothing and complete nothing; attempts describe no data.
absl::Status check_fits(const WorkRef& work, const ReportEvent& event) {
  const bool is_attempt = std::holds_alternative<AttemptRef>(work);
  const bool of_either =
      std::holds_alternative<Failure>(event) || std::holds_alternative<ReleasedReport>(event);
  const bool of_attempt = !of_either && !std::holds_alternative<DatasetReport>(event);
  if (of_attempt && !is_attempt) {
    return bad_field("report", "metrics, checkpoints and completion belong to attempts");
  }
  if (is_attempt && std::holds_alternative<DatasetReport>(event)) {
    return bad_field("report", "a data set's description belongs to a preparation");
  }
  return absl::OkStatus();
}

}  // namespace

v1::Failed encode(const Failure& failure) {
  v1::Failed message;
  message.set_kind(encode_kind(failure.kind));
  message.set_message(failure.message);
  return message;
}

absl::StatusOr<Failure> decode(const v1::Failed& message) {
  const auto kind = decode_kind(message.kind());
  if (!kind.ok()) return kind.status();
  return Failure{*kind, message.message()};
}

v1::Report encode(const WorkReport& report) {
  v1::Report message;
  *message.mutable_work() = encode(report.work);
  std::visit(SetEvent{message}, report.event);
  return message;
}

absl::StatusOr<WorkReport> decode(const v1::Report& message) {
  const auto work = decode(message.work());
  if (!work.ok()) return work.status();
  auto event = decode_event(message);
  if (!event.ok()) return event.status();
  if (auto status = check_fits(*work, *event); !status.ok()) return status;
  return WorkReport{*work, *std::move(event)};
}

absl::StatusOr<std::vector<WorkReport>> decode(
    const google::protobuf::RepeatedPtrField<v1::Report>& messages) {
  return decode_all(messages, [](const v1::Report& message) { return decode(message); });
}

}  // namespace melsweep::wire

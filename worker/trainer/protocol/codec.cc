#include "worker/trainer/protocol/codec.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "shared/spec/json_shape.h"
#include "shared/spec/settings_json.h"
#include "worker/trainer/protocol/fields.h"
#include "worker/trainer/protocol/payload_json.h"

namespace melsweep::protocol {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;  // deeper than any message

json to_json(const PrepareData& command) {
  return {
      {"type", "prepare_data"}, {"dataset", spec::to_json(command.dataset)}, {"weights", command.weights}};
}

json trial_to_json(const TrainTrial& command) {
  const TrialPlan& plan = command.plan;
  json message = {{"trial", plan.id.value},
                  {"sweep", plan.sweep.value},
                  {"dataset", spec::to_json(plan.dataset)},
                  {"dataset_hash", plan.dataset_hash},
                  {"validation_fold", plan.validation_fold},
                  {"settings", spec::to_json(plan.settings)},
                  {"weights_hash", plan.weights_hash},
                  {"seed", plan.seed},
                  {"artifacts_dir", command.artifacts_dir},
                  {"resume_from", command.resume_from},
                  {"checkpoint_every_s", command.checkpoint_every_s}};
  // As by default they are not said: trainers from before there was a choice understand the rest.
  if (plan.evaluate != Split::kValidation) message["evaluate"] = spec::name_of(plan.evaluate);
  if (plan.train_on != TrainOn::kTraining) message["train_on"] = spec::name_of(plan.train_on);
  return message;
}

json to_json(const TrainTrial& command) {
  json message = trial_to_json(command);
  message["type"] = "train_trial";
  return message;
}

json to_json(const TrainGroup& command) {
  json trials = json::array();
  for (const TrainTrial& trial : command.trials) trials.push_back(trial_to_json(trial));
  return {{"type", "train_group"}, {"trials", std::move(trials)}};
}

// With the trial's number, where it is one of a group.
json about(TrialId trial, json message) {
  if (trial.value != 0) message["trial"] = trial.value;
  return message;
}

json to_json(const StopWork& command) {
  return about(command.trial, {{"type", "stop_work"}});
}
json to_json(const Shutdown&) {
  return {{"type", "shutdown"}};
}

json to_json(const Hello& event) {
  return {{"type", "hello"},
          {"protocol", event.protocol},
          {"trainer", event.trainer},
          {"device", event.device},
          {"max_group", event.max_group}};
}

json to_json(const DataPrepared& event) {
  return {{"type", "data_prepared"}, {"report", report_to_json(event.report)}};
}

json to_json(const ProgressMade& event) {
  return about(event.trial, {{"type", "progress"},
                             {"stage", event.progress.stage},
                             {"done", event.progress.done},
                             {"total", event.progress.total}});
}

json to_json(const MetricsMeasured& event) {
  json points = json::array();
  for (const MetricPoint& point : event.points) {
    points.push_back({{"step", point.step}, {"name", point.name}, {"value", point.value}});
  }
  return about(event.trial, {{"type", "metrics"}, {"points", std::move(points)}});
}

json to_json(const Checkpoint& checkpoint) {
  return {{"step", checkpoint.step}, {"path", checkpoint.path}, {"sha256", checkpoint.sha256}};
}

json to_json(const Resumed& event) {
  return about(event.trial, {{"type", "resumed"}, {"step", event.step}});
}

json to_json(const Checkpointed& event) {
  return about(event.trial, {{"type", "checkpointed"}, {"checkpoint", to_json(event.checkpoint)}});
}

json to_json(const StageTime& stage) {
  return {{"stage", stage.stage}, {"seconds", stage.seconds}, {"made", stage.made}, {"found", stage.found}};
}

json to_json(const Finished& event) {
  json message = {{"type", "finished"},
                  {"checkpoint", to_json(event.checkpoint)},
                  {"evaluation", evaluation_to_json(event.evaluation)}};
  if (event.misclassified) {
    message["misclassified"] = {{"path", event.misclassified->path}, {"sha256", event.misclassified->sha256}};
  }
  if (!event.warnings.empty()) message["warnings"] = event.warnings;
  for (const StageTime& stage : event.stages) message["stages"].push_back(to_json(stage));
  return about(event.trial, std::move(message));
}

json to_json(const Failed& event) {
  return about(
      event.trial,
      {{"type", "failed"}, {"kind", spec::name_of(event.failure.kind)}, {"message", event.failure.message}});
}

json to_json(const Stopped& event) {
  return about(event.trial, {{"type", "stopped"}});
}

// A file name need not be UTF-8, JSON must be.
std::string write_line(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

// 0 where it is missing: agents did not always say it.
double read_checkpoint_every(FieldReader& fields) {
  if (!fields.has("checkpoint_every_s")) return 0.0;
  const double seconds = fields.number("checkpoint_every_s");
  if (std::isfinite(seconds) && seconds >= 0.0) return seconds;
  fields.refuse("checkpoint_every_s", "must be a number of seconds, at least 0");
  return 0.0;
}

Split read_evaluate(FieldReader& fields) {
  const auto split = fields.named<Split>("evaluate");
  if (split == Split::kTrain) fields.refuse("evaluate", "must be validation or test");
  return split;
}

TrainTrial read_train_trial(FieldReader& fields) {
  TrainTrial command;
  command.plan.id.value = fields.integer<std::int64_t>("trial", 0);
  command.plan.sweep.value = fields.integer<std::int64_t>("sweep", 0);
  command.plan.dataset = fields.decoded<DatasetSpec>("dataset", spec::dataset_from_json);
  command.plan.dataset_hash = fields.text("dataset_hash");
  command.plan.validation_fold = fields.integer<int>("validation_fold", 0);
  command.plan.settings = fields.decoded<TrialSettings>("settings", spec::settings_from_json);
  command.plan.weights_hash = fields.text("weights_hash");
  command.plan.seed = fields.integer<std::uint64_t>("seed");
  if (fields.has("evaluate")) command.plan.evaluate = read_evaluate(fields);
  if (fields.has("train_on")) command.plan.train_on = fields.named<TrainOn>("train_on");
  command.artifacts_dir = fields.text("artifacts_dir");
  if (fields.has("resume_from")) command.resume_from = fields.text("resume_from");
  command.checkpoint_every_s = read_checkpoint_every(fields);
  return command;
}

TrainGroup read_train_group(FieldReader& fields) {
  TrainGroup group{fields.list<TrainTrial>("trials", [&](const json& item, std::string path) {
    FieldReader trial(item, std::move(path), fields.status());
    return read_train_trial(trial);
  })};
  std::set<TrialId> numbers;
  for (const TrainTrial& trial : group.trials) numbers.insert(trial.plan.id);
  if (group.trials.empty() || numbers.size() < group.trials.size() || numbers.contains(TrialId{})) {
    fields.refuse("trials", "must be at least one trial, each with a number of its own above 0");
  }
  return group;
}

// 0 where the message is about all there is.
TrialId read_member(FieldReader& fields) {
  return {fields.has("trial") ? fields.integer<std::int64_t>("trial", 0) : 0};
}

Command read_command(const std::string& type, FieldReader& fields) {
  if (type == "prepare_data") {
    return PrepareData{.dataset = fields.decoded<DatasetSpec>("dataset", spec::dataset_from_json),
                       .weights = fields.texts("weights")};
  }
  if (type == "train_trial") return read_train_trial(fields);
  if (type == "train_group") return read_train_group(fields);
  if (type == "shutdown") return Shutdown{};
  if (type != "stop_work") {
    fields.refuse("type", "must be one of prepare_data, train_trial, train_group, stop_work, shutdown");
  }
  return StopWork{read_member(fields)};
}

MetricPoint read_point(FieldReader fields) {
  return {.step = fields.integer<std::int64_t>("step", 0),
          .name = fields.text("name"),
          .value = fields.number("value")};
}

Checkpoint read_checkpoint(FieldReader fields) {
  return {.step = fields.integer<std::int64_t>("step", 0),
          .path = fields.text("path"),
          .sha256 = fields.text("sha256")};
}

MadeFile read_made_file(FieldReader fields) {
  return {.path = fields.text("path"), .sha256 = fields.text("sha256")};
}

// A trainer may say the seconds alone.
StageTime read_stage(FieldReader fields) {
  StageTime stage{.stage = fields.text("stage"), .seconds = fields.number("seconds")};
  if (fields.has("made")) stage.made = fields.integer<std::int64_t>("made", 0);
  if (fields.has("found")) stage.found = fields.integer<std::int64_t>("found", 0);
  return stage;
}

std::vector<StageTime> read_stages(FieldReader& fields) {
  std::vector<StageTime> stages = fields.list<StageTime>("stages", [&](const json& item, std::string path) {
    return read_stage(FieldReader(item, std::move(path), fields.status()));
  });
  if (const std::string flaw = stage_flaw(stages); !flaw.empty()) fields.refuse("stages", flaw);
  return stages;
}

Finished read_finished(FieldReader& fields) {
  Finished finished{.checkpoint = read_checkpoint(fields.object("checkpoint")),
                    .evaluation = read_evaluation(fields.object("evaluation")),
                    .trial = read_member(fields)};
  if (fields.has("misclassified")) finished.misclassified = read_made_file(fields.object("misclassified"));
  if (fields.has("warnings")) finished.warnings = fields.texts("warnings");
  if (fields.has("stages")) finished.stages = read_stages(fields);
  return finished;
}

Event read_progress(FieldReader& fields) {
  ProgressMade made{{.stage = fields.text("stage"),
                     .done = fields.integer<std::int64_t>("done", 0),
                     .total = fields.integer<std::int64_t>("total", 0)},
                    read_member(fields)};
  if (made.progress.stage.size() > kMaxStageBytes) {
    fields.refuse("stage", fmt::format("must have at most {} bytes", kMaxStageBytes));
  }
  return made;
}

Event read_event(const std::string& type, FieldReader& fields) {
  if (type == "hello") {
    return Hello{.protocol = fields.integer<int>("protocol", 1),
                 .trainer = fields.text("trainer"),
                 .device = fields.text("device"),
                 .max_group = fields.has("max_group") ? fields.integer<int>("max_group", 1) : 1};
  }
  if (type == "data_prepared") return DataPrepared{read_report(fields.object("report"))};
  if (type == "progress") return read_progress(fields);
  if (type == "metrics") {
    return MetricsMeasured{
        fields.list<MetricPoint>("points",
                                 [&](const json& item, std::string path) {
                                   return read_point(FieldReader(item, std::move(path), fields.status()));
                                 }),
        read_member(fields)};
  }
  if (type == "resumed") return Resumed{fields.integer<std::int64_t>("step", 0), read_member(fields)};
  if (type == "checkpointed") {
    return Checkpointed{read_checkpoint(fields.object("checkpoint")), read_member(fields)};
  }
  if (type == "finished") return read_finished(fields);
  if (type == "failed") {
    return Failed{{.kind = fields.named<FailureKind>("kind"), .message = fields.text("message")},
                  read_member(fields)};
  }
  if (type != "stopped") {
    fields.refuse("type",
                  "must be one of hello, data_prepared, progress, metrics, resumed, checkpointed, finished, "
                  "failed, stopped");
  }
  return Stopped{read_member(fields)};
}

absl::Status too_much(std::string_view what, std::size_t limit) {
  return absl::InvalidArgumentError(fmt::format("a message {} {}", what, limit));
}

absl::Status check_shape(std::string_view line) {
  const spec::JsonShape shape = spec::shape_of_json(line);
  if (shape.depth > kMaxDepth) return too_much("nested deeper than", kMaxDepth);
  if (shape.commas > kMaxLineCommas) return too_much("with more commas than", kMaxLineCommas);
  return absl::OkStatus();
}

template <class Message, class Read>
absl::StatusOr<Message> decode(std::string_view line, Read read) {
  if (line.size() > kMaxLineBytes) {
    return absl::InvalidArgumentError(
        fmt::format("a message of {} bytes; the limit is {}", line.size(), kMaxLineBytes));
  }
  if (absl::Status shape = check_shape(line); !shape.ok()) return shape;
  const json message = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (message.is_discarded()) return absl::InvalidArgumentError("the line is no JSON");
  absl::Status status;
  FieldReader fields(message, "", status);
  const std::string type = fields.text("type");
  if (!status.ok()) return status;
  Message result = read(type, fields);
  if (!status.ok()) return status;
  return result;
}

}  // namespace

std::string encode(const Command& command) {
  return std::visit([](const auto& message) { return write_line(to_json(message)); }, command);
}

std::string encode(const Event& event) {
  return std::visit([](const auto& message) { return write_line(to_json(message)); }, event);
}

absl::StatusOr<Command> decode_command(std::string_view line) {
  return decode<Command>(line, read_command);
}

absl::StatusOr<Event> decode_event(std::string_view line) {
  return decode<Event>(line, read_event);
}

}  // namespace melsweep::protocol

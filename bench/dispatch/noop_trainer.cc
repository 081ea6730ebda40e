#include "bench/dispatch/noop_trainer.h"

#include <string>
#include <variant>

namespace melsweep::bench {
namespace {

DatasetReport dataset_report(const protocol::PrepareData& command) {
  DatasetReport report;
  report.content_hash = "none";
  report.classes = {"dog", "siren"};
  report.trainer = "noop";
  for (const std::string& weights : command.weights) report.weights_hashes[weights] = "none";
  const auto add_clip = [&report](const std::string& id, std::int32_t class_index, Split split) {
    report.clips.push_back({.id = id,
                            .class_index = class_index,
                            .group = id,
                            .fold = 1,
                            .content_hash = id,
                            .sample_rate = 44'100,
                            .channels = 1,
                            .duration_s = 1.0,
                            .split = split});
  };
  add_clip("a", 0, Split::kTrain);
  add_clip("b", 1, Split::kTrain);
  add_clip("c", 0, Split::kValidation);
  return report;
}

protocol::Finished result_of(std::int64_t steps, TrialId name) {
  protocol::Finished finished;
  finished.trial = name;
  finished.checkpoint = {steps, "/nonexistent", "none"};
  finished.evaluation = {Split::kValidation, steps, {"dog", "siren"}, {{"c", 0, 1, {0.25F, 0.75F}}}};
  return finished;
}

}  // namespace

absl::Status NoopTrainer::start() {
  say(protocol::Hello{.trainer = "noop", .device = "cpu", .max_group = trials_.max_group});
  return absl::OkStatus();
}

absl::Status NoopTrainer::tell(const protocol::Command& command) {
  if (const auto* prepare = std::get_if<protocol::PrepareData>(&command)) {
    say(protocol::DataPrepared{dataset_report(*prepare)});
  } else if (const auto* trial = std::get_if<protocol::TrainTrial>(&command)) {
    train(*trial, {});
  } else if (const auto* group = std::get_if<protocol::TrainGroup>(&command)) {
    for (const protocol::TrainTrial& member : group->trials) train(member, member.plan.id);
  }
  return absl::OkStatus();
}

// What there is to stop has ended by then.
void NoopTrainer::train(const protocol::TrainTrial& trial, TrialId name) {
  finished_.note_lease();
  for (int point = 1; point <= trials_.metric_points; ++point) {
    say(protocol::MetricsMeasured{
        {{point, "validation/accuracy", trial.plan.settings.training.learning_rate * point}}, name});
  }
  say(result_of(trials_.metric_points, name));
}

void NoopTrainer::kill() {
  inbox_.push(agent::TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = {}}});
}

void NoopTransfer::store(const StoreId&, const ArtifactName&, const agent::LocalFile&) {
  inbox_.push(agent::ArtifactStored{absl::OkStatus()});
}

void NoopTransfer::fetch(const StoreId&, const ArtifactName&, const std::string&,
                         const std::filesystem::path&) {
  inbox_.push(agent::ArtifactFetched{absl::NotFoundError("nothing was ever stored")});
}

}  // namespace melsweep::bench

#include "bench/dispatch/noop_trainer.h"

#include <variant>

#include "tests/crowd/three_clips.h"

namespace melsweep::bench {
namespace {

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
    say(protocol::DataPrepared{three_clips(*prepare)});
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

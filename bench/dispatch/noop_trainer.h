// A trainer that learns nothing and says all that one would.
#pragma once

#include <filesystem>

#include "bench/dispatch/finished_trials.h"
#include "worker/agent/artifact_transfer.h"
#include "worker/agent/artifacts.h"
#include "worker/agent/inbox.h"
#include "worker/agent/trainer.h"

namespace melsweep::bench {

struct NoopTrials {
  int metric_points = 10;  // of its objective, that each trial reports
  int max_group = 64;      // trials that a trainer takes at once
};

// Each trial reports and has finished, all at once.
class NoopTrainer final : public agent::Trainer {
 public:
  // Both must outlive the trainer.
  NoopTrainer(const NoopTrials& trials, agent::Inbox& inbox, FinishedTrials& finished)
      : trials_(trials), inbox_(inbox), finished_(finished) {}

  absl::Status start() override;
  absl::Status tell(const protocol::Command& command) override;
  void kill() override;

 private:
  void say(protocol::Event event) { inbox_.push(agent::TrainerSaid{std::move(event)}); }
  // `name`: how the events name the trial; 0 where it is no member of a group.
  void train(const protocol::TrainTrial& trial, TrialId name);

  NoopTrials trials_;
  agent::Inbox& inbox_;
  FinishedTrials& finished_;
};

// What a trial that learned nothing makes is nothing: there when it is asked for.
class NoopTransfer final : public agent::ArtifactTransfer {
 public:
  explicit NoopTransfer(agent::Inbox& inbox) : inbox_(inbox) {}

  void store(const StoreId& database, const ArtifactName& name, const agent::LocalFile& file) override;
  void fetch(const StoreId& database, const ArtifactName& name, const std::string& sha256,
             const std::filesystem::path& to) override;
  void cancel() override {}

 private:
  agent::Inbox& inbox_;
};

class NoArtifacts final : public agent::Artifacts {
 public:
  void discard(const std::filesystem::path&) override {}
};

}  // namespace melsweep::bench

// Trials that are trained side by side, each from its plan to its own end.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/dataset.h"
#include "shared/model/trial.h"
#include "shared/time/clock.h"
#include "worker/trainer/features/stage_times.h"
#include "worker/trainer/training/checkpoint_writer.h"
#include "worker/trainer/training/examples.h"
#include "worker/trainer/training/learner_group.h"
#include "worker/trainer/training/outcome.h"
#include "worker/trainer/training/training_loop.h"

namespace melsweep::training {

// One attempt at a trial.
struct TrialWork {
  TrialPlan plan;
  std::filesystem::path artifacts_dir;  // for checkpoints; made when the first is written
  std::filesystem::path resume_from{};  // a checkpoint to go on from; empty = none
  double checkpoint_every_s = 0.0;      // 0 = only when stopped
};

using TrialEnd = std::variant<Trained, Failure, Interrupted>;

// A trial of a group, and who is told of it: one call at a time, from whichever thread; of different trials
// at once.
struct TrialTask {
  TrialWork work;
  TrainingObserver observer{};
  std::stop_token stop{};
  std::function<void(TrialEnd)> ended;  // once, and last
};

// What all trials of a group learn with.
struct TrialMaterial {
  const DatasetReport& data;
  const Examples& examples;
  LearnerGroup& learners;
  std::vector<Model*> models;  // of the learners, in the order of TrialGroup::plans()
  std::size_t threads = 1;
  features::StageTimes& times;  // of the group: what was done before is in it, and what is done is added
};

// The trials of a group that have not ended: they do everything but bring the material.
class TrialGroup {
 public:
  // Ends at once, as bad configurations, those that the sweep schema refuses or that cannot learn with the
  // first one's material. Tasks and clock outlive the group.
  TrialGroup(std::span<const TrialTask> tasks, const Clock& clock);
  TrialGroup(const TrialGroup&) = delete;
  TrialGroup& operator=(const TrialGroup&) = delete;
  ~TrialGroup();

  std::vector<const TrialPlan*> plans() const;

  // For what is done for all: progress is told to each, and ends those that were told to stop.
  TrainingObserver observer();
  // Requested when all were told to stop.
  std::stop_token stop() const { return all_stopped_.get_token(); }

  // Ends all that are left.
  void end(const absl::Status& status, FailureKind of_the_stage);

  // Resumes them where they can be, trains and evaluates them, until the last has ended.
  void learn(const TrialMaterial& material);

 private:
  struct Trial;
  using StopCallback = std::stop_callback<std::function<void()>>;

  void end(Trial& trial, TrialEnd end);
  void end_stopped();
  void count_out(Trial& trial);
  absl::Status resume(Trial& trial, Model& model, const TrialMaterial& material);
  TrialEnd end_of_training(Trial& trial, std::size_t place, const TrialMaterial& material,
                           const absl::Status& status);
  absl::StatusOr<Trained> finish(Trial& trial, std::size_t place, const TrialMaterial& material);
  static void keep_misclassified(const Trial& trial, Trained& trained, const TrialMaterial& material);

  const Clock& clock_;
  std::stop_source all_stopped_;
  std::atomic<std::size_t> not_stopped_;  // trials that neither have ended nor were told to stop
  std::vector<std::unique_ptr<Trial>> trials_;
};

}  // namespace melsweep::training

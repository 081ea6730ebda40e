// A sweep as its author wrote it, checked (shared/spec makes it from YAML).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/ids.h"
#include "shared/model/resources.h"
#include "shared/model/settings.h"

namespace melsweep {

// One value of a swept field. Lists (of augmentations) are written as text with '+': "channels+noise".
using ParameterValue = std::variant<std::int64_t, double, bool, std::string>;

// "0.05", "200", "true", "mel": as it is shown, stored and compared.
std::string to_text(const ParameterValue& value);

// A swept field with the values it takes, in the author's order.
struct ParameterAxis {
  std::string name;  // as the author wrote it: "learning_rate" or "features.representation"
  std::string path;  // the full dotted path: "training.learning_rate"
  std::vector<ParameterValue> values;
  friend bool operator==(const ParameterAxis&, const ParameterAxis&) = default;
};

// The value a cell gives to one swept field.
struct Parameter {
  std::string name;
  ParameterValue value;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

enum class SearchMethod { kGrid };
enum class Goal { kMaximize, kMinimize };

struct Objective {
  std::string metric = "validation/accuracy";
  Goal goal = Goal::kMaximize;
  friend bool operator==(const Objective&, const Objective&) = default;
};

struct RetryPolicy {
  int max_attempts = 3;
  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

// What a trial learns from: the validation clips too, where nothing is chosen by them any more.
enum class TrainOn { kTraining, kTrainingAndValidation };

// Fields of a sweep's trials that are those of another sweep's winner, the trial of rank 1 of its
// leaderboard.
struct Taking {
  std::string sweep;                // the other's name, which stands before this one in their study
  std::vector<std::string> fields;  // full dotted paths, in the order of spec::trial_fields(); may be empty
  friend bool operator==(const Taking&, const Taking&) = default;
};

struct SweepSpec {
  std::string name;
  DatasetSpec dataset;
  TrialSettings base;  // every field that no parameter sweeps
  SearchMethod search = SearchMethod::kGrid;
  std::vector<ParameterAxis> parameters;
  int seeds = 1;  // repeats of each cell, with seeds 0 .. seeds - 1
  Objective objective;
  RetryPolicy retry;
  bool reuse = true;  // takes over the results of finished trials that are the same (shared/spec/trial_key.h)
  // What a trial is evaluated on after its last step: kValidation; or kTest, of a sweep of one trial.
  Split evaluate = Split::kValidation;
  TrainOn train_on = TrainOn::kTraining;
  // It waits for the sweeps named here. Until it has taken over their winners' fields, these have their
  // defaults in `base`.
  std::vector<Taking> takes{};
  ResourceRequest resources{};  // of the workers that it is given to
  int priority = 0;             // its work goes out before that of sweeps with a lower one
  int max_parallel = 0;         // trials that run at a time; 0: as many as workers take
  friend bool operator==(const SweepSpec&, const SweepSpec&) = default;
};

// Sweeps that are written in one file and submitted together.
struct Study {
  std::string name;
  std::vector<SweepSpec> sweeps;  // at least one, each behind those that it takes from; their names differ
  friend bool operator==(const Study&, const Study&) = default;
};

// One point of the search space with everything resolved.
struct Cell {
  std::int64_t index = 0;  // 0-based, in grid order: the last axis varies fastest
  std::vector<Parameter> parameters;
  TrialSettings settings;
  friend bool operator==(const Cell&, const Cell&) = default;
};

// A sweep's life: kWaiting (for the winners of others) -> kPreparing (a worker looks at the data) -> kRunning
// -> kFinished | kFailed | kCancelled. The legal transitions are in coordinator/core/life_cycle.h.
enum class SweepState { kWaiting, kPreparing, kRunning, kFinished, kFailed, kCancelled };

// Nothing will change any more.
constexpr bool has_ended(SweepState state) {
  return state == SweepState::kFinished || state == SweepState::kFailed || state == SweepState::kCancelled;
}

// What people may do to a sweep that has not ended.
enum class SweepAction { kPause, kResume, kCancel };

}  // namespace melsweep

// A sweep as its author wrote it, checked (shared/spec makes it from YAML).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/ids.h"
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
  friend bool operator==(const SweepSpec&, const SweepSpec&) = default;
};

// One point of the search space with everything resolved.
struct Cell {
  std::int64_t index = 0;  // 0-based, in grid order: the last axis varies fastest
  std::vector<Parameter> parameters;
  TrialSettings settings;
  friend bool operator==(const Cell&, const Cell&) = default;
};

// A sweep's life: kPreparing (a worker looks at the data) -> kRunning -> kFinished | kFailed | kCancelled.
// The legal transitions are in coordinator/core/life_cycle.h.
enum class SweepState { kPreparing, kRunning, kFinished, kFailed, kCancelled };

// What people may do to a sweep that has not ended.
enum class SweepAction { kPause, kResume, kCancel };

}  // namespace melsweep

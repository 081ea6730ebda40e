// What people ask of the results: the same answers from a database file and from a coordinator.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "shared/model/progress.h"
#include "shared/model/resources.h"
#include "shared/model/sweep.h"
#include "shared/model/trial.h"

namespace melsweep::results {

struct SweepSummary {
  SweepId id;
  std::string name;
  SweepState state = SweepState::kPreparing;
  bool paused = false;  // nothing of it is handed out; only while it has not ended
  std::string reason;   // why it failed; of one that has not ended, live: why nobody works on it
  std::string objective_metric;
  Goal goal = Goal::kMaximize;
  std::int64_t trials_total = 0;
  std::int64_t trials_running = 0;
  std::int64_t trials_finished = 0;
  std::int64_t trials_failed = 0;
  std::int64_t trials_reused = 0;  // of the finished: their results are from earlier sweeps
  std::int64_t clips = 0;
  std::int64_t clips_skipped = 0;
  std::vector<std::string> warnings;
  std::int64_t created_ms = 0;   // Unix time, UTC
  std::int64_t finished_ms = 0;  // 0 = not yet
  std::string study{};           // what it was submitted as a part of; empty: alone
  SweepId study_id{};            // the number of the study's first sweep; 0: alone
  std::string waits_for{};       // names of the sweeps whose winners it waits for, ", " between them
  // What it asks for and no worker has, and what these have; live, so empty when read from a file.
  std::string unmet{};
};

// A row of the leaderboard or of the list of trials.
struct TrialSummary {
  TrialId id;
  SweepId sweep;
  std::int64_t number = 0;
  std::int64_t rank = 0;  // 1 = best; 0 = not finished
  std::vector<Parameter> parameters;
  std::uint64_t seed = 0;
  int validation_fold = 0;
  TrialState state = TrialState::kPending;
  int attempts = 0;
  std::string worker;  // of the latest attempt
  std::optional<double> objective;
  std::vector<MetricPoint> last_metrics;  // each metric at its last step
  std::string failure;                    // of the latest failed attempt
  std::string checkpoint;                 // path on the worker; empty before the end
  std::int64_t started_ms = 0;            // of the latest attempt
  std::int64_t finished_ms = 0;
};

// Part of a list of trials: what comes behind the place `after` (a trial's number in trials(), its rank in
// leaderboard()), `limit` of them at most.
struct TrialRange {
  std::int64_t after = 0;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
};

// How a sweep stands: cheap enough to be asked for five times a second, however many trials there are.
struct SweepProgress {
  SweepSummary sweep;
  std::optional<TrialSummary> best;   // of rank 1; none while no trial has finished
  std::int64_t mean_duration_ms = 0;  // of the attempts that finished a trial; 0 while there are none
};

struct WorkerSummary {
  WorkerId id;
  std::string host;
  std::string device;
  std::optional<TrialId> trial;  // what it runs now
  Progress progress;             // of what it does now; live, so empty when read from a file
  std::int64_t last_seen_ms = 0;
  bool draining = false;  // told to leave
  bool alive = false;     // holds work or was heard of within a lease; live, so false when read from a file
  WorkerResources resources{};
};

class Results {
 public:
  virtual ~Results() = default;

  // Newest first.
  virtual absl::StatusOr<std::vector<SweepSummary>> sweeps() = 0;

  // `which`: a sweep's number, its name (the newest of that name), or "last". NotFound lists what there is.
  virtual absl::StatusOr<SweepSummary> sweep(const std::string& which) = 0;

  // In order of number.
  virtual absl::StatusOr<std::vector<TrialSummary>> trials(SweepId sweep, const TrialRange& range) = 0;
  absl::StatusOr<std::vector<TrialSummary>> trials(SweepId sweep) { return trials(sweep, {}); }

  // Finished trials, best first: by the mean objective of their cell over seeds and folds, then by their own.
  // Cells with trials that have not finished come behind the complete ones, cells with a failed trial last.
  virtual absl::StatusOr<std::vector<TrialSummary>> leaderboard(SweepId sweep, const TrialRange& range) = 0;
  absl::StatusOr<std::vector<TrialSummary>> leaderboard(SweepId sweep) { return leaderboard(sweep, {}); }

  virtual absl::StatusOr<SweepProgress> progress(SweepId sweep) = 0;

  // NotFound while no trial has finished.
  virtual absl::StatusOr<TrialSummary> best(SweepId sweep) = 0;

  // Per class, of a finished trial's evaluation.
  virtual absl::StatusOr<std::vector<ClassMetrics>> class_metrics(TrialId trial) = 0;

  virtual absl::StatusOr<std::vector<WorkerSummary>> workers() = 0;
};

}  // namespace melsweep::results

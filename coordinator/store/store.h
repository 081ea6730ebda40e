// The durable side of the coordinator: a list of writes goes in as one transaction, and everything the core
// needs to go on after a restart comes out. Results are read through shared/results, never through this
// interface.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/model/dataset.h"
#include "shared/model/records.h"
#include "shared/model/stage_time.h"

namespace melsweep::store {

// Each record is written whole, under its id: inserted when new, replaced when known.
struct PutSweep {
  SweepRecord sweep;
};
struct PutTrial {
  TrialRecord trial;
};

// Whether a known sweep is paused; the rest of its record stays as it is.
struct PutSweepPaused {
  SweepRecord sweep;
};

// What was done to a sweep, once for each of its requests.
struct PutSweepAction {
  SweepActionRecord action;
};

// How far a known trial has come: all of it that ever changes, at a tenth of the cost of PutTrial.
struct PutTrialState {
  TrialId trial;
  TrialState state = TrialState::kPending;
  std::int32_t epoch = 0;
  int failed_attempts = 0;
  std::optional<double> objective;
  std::int64_t finished_ms = 0;
};

// Every pending trial of the sweep becomes a cancelled one that ended at this time.
struct CancelPendingTrials {
  SweepId sweep;
  std::int64_t finished_ms = 0;
};

struct PutAttempt {
  AttemptRecord attempt;
};

// Another attempt of the trial may go on from here.
struct PutCheckpoint {
  CheckpointRecord checkpoint;
};

// None will go on from there. Nothing happens where there is no such checkpoint.
struct DropCheckpoint {
  AttemptRef attempt;
  std::int64_t step = 0;
};

struct PutWorker {
  WorkerRecord worker;
};

// What the worker found of a sweep's data. Once per sweep; a second one replaces the first.
struct PutDataset {
  SweepId sweep;
  DatasetReport report;
};

// One more warning of a sweep whose data set is known, behind those that there are.
struct AddWarning {
  SweepId sweep;
  std::string message;
};

// How far looking at a sweep's data has come; one record a sweep.
struct PutPreparation {
  PreparationRecord preparation;
};

// Points of an attempt; a point that is there already (same attempt, step and name) stays as it is.
struct AddMetrics {
  AttemptRef attempt;
  std::vector<MetricPoint> points;
};

// Gives an attempt all points before this step of an earlier attempt of its trial; one that it has already
// stays as it is. Nothing happens where there is no such attempt.
struct InheritMetrics {
  AttemptRef attempt;
  ResumePoint from;
};

// The evaluation of the attempt that finished its trial, with confusion and per-class rows made from it.
struct PutEvaluation {
  AttemptRef attempt;
  Evaluation evaluation;
};

// What the time of the attempt that finished its trial went into; once an attempt.
struct PutStages {
  AttemptRef attempt;
  std::vector<StageTime> stages;
};

// The metrics and evaluations of a finished attempt, given to one of another trial that has none.
struct CopyResult {
  AttemptRef attempt;
  AttemptRef source;
};

// What a write refers to must have been written before it (earlier in the same commit will do): a trial's
// sweep, an attempt's trial and worker, and so on. A submission's request makes one sweep, a sweep has one
// trial of each number, and one attempt of a trial finishes. A trial's objective that is not a number is kept
// as none.
using Write =
    std::variant<PutSweep, PutSweepPaused, PutSweepAction, PutTrial, PutTrialState, CancelPendingTrials,
                 PutAttempt, PutCheckpoint, DropCheckpoint, PutWorker, PutDataset, PutPreparation, AddMetrics,
                 InheritMetrics, PutEvaluation, PutStages, CopyResult, AddWarning>;

// What was durable when the store was opened, in order of ids. What a coordinator needs to go on does not
// grow with everything that ever ran: of a sweep that has ended come neither its YAML nor, of its
// specification, more than the name and the objective, nor whom it took settings from, and its trials' cells
// have nothing but their index.
struct Snapshot {
  StoreId store;  // given to the store when it was made, and never changed
  std::vector<SweepRecord> sweeps;
  std::vector<SweepActionRecord> actions;  // of sweeps that have not ended, as they came
  std::vector<TrialRecord> trials;
  std::vector<AttemptRecord> attempts;
  std::vector<CheckpointRecord> checkpoints;  // by trial, epoch and step
  std::vector<WorkerRecord> workers;
  // Of each sweep that has been prepared: its classes, folds, hashes and warnings, without the clips,
  // used or skipped.
  struct Prepared {
    SweepId sweep;
    DatasetReport report;
    friend bool operator==(const Prepared&, const Prepared&) = default;
  };
  std::vector<Prepared> datasets;
  std::vector<PreparationRecord> preparations;
  // Of each running attempt that has itself reported its sweep's objective metric (and not inherited it):
  // that metric's point of the greatest step, so that the objective of an attempt that outlives a restart is
  // known. A value that is not a number (the training diverged) comes back as NaN.
  struct ObjectivePoint {
    AttemptRef attempt;
    MetricPoint point;
    friend bool operator==(const ObjectivePoint&, const ObjectivePoint&) = default;
  };
  std::vector<ObjectivePoint> objectives;
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// Not thread-safe: one thread owns a store.
class Store {
 public:
  virtual ~Store() = default;

  // All of the writes or none. When it returns OK they are on disk. Unavailable: try again later (disk full,
  // busy); InvalidArgument and FailedPrecondition: the writes break a rule above and will never be taken; any
  // other error: the caller must stop serving rather than acknowledge.
  virtual absl::Status commit(std::span<const Write> writes) = 0;

  virtual absl::StatusOr<Snapshot> load() = 0;
};

}  // namespace melsweep::store

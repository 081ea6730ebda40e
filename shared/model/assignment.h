// Work under a lease: what the coordinator hands to a worker, and what a worker says of it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "shared/model/progress.h"
#include "shared/model/records.h"
#include "shared/model/stage_time.h"
#include "shared/model/trial.h"

namespace melsweep {

// One look at a sweep's data. The epoch is a fencing number like an attempt's.
struct PrepareRef {
  SweepId sweep;
  std::int32_t epoch = 0;
  friend auto operator<=>(const PrepareRef&, const PrepareRef&) = default;
};

// What a worker holds under a lease.
using WorkRef = std::variant<AttemptRef, PrepareRef>;

struct PrepareAssignment {
  PrepareRef ref;
  DatasetSpec dataset;
  std::vector<std::string> weights;  // every ModelSettings::weights that a trial of the sweep may have
  friend bool operator==(const PrepareAssignment&, const PrepareAssignment&) = default;
};

// A checkpoint that an attempt may go on from.
struct CheckpointRef {
  std::int32_t epoch = 0;  // of the attempt that made it
  std::int64_t step = 0;
  std::string sha256;
  friend bool operator==(const CheckpointRef&, const CheckpointRef&) = default;
};

struct TrialAssignment {
  std::int32_t epoch = 0;
  TrialPlan plan;
  std::vector<CheckpointRef> checkpoints{};  // newest first; the older one is for when the newer is damaged
  friend bool operator==(const TrialAssignment&, const TrialAssignment&) = default;
};

using Assignment = std::variant<PrepareAssignment, TrialAssignment>;

inline WorkRef work_of(const Assignment& assignment) {
  if (const auto* prepare = std::get_if<PrepareAssignment>(&assignment)) return prepare->ref;
  const auto& trial = std::get<TrialAssignment>(assignment);
  return AttemptRef{trial.plan.id, trial.epoch};
}

// Work that goes on, as a heartbeat tells it.
struct RunningWork {
  WorkRef work;
  Progress progress;
  friend bool operator==(const RunningWork&, const RunningWork&) = default;
};

// Points of a running attempt, in the order measured.
struct MetricsReport {
  std::vector<MetricPoint> points;
  friend bool operator==(const MetricsReport&, const MetricsReport&) = default;
};

// The attempt goes on from an earlier one's checkpoint, and inherits what was measured before that step.
// Comes before anything else that the attempt reports.
struct ResumedReport {
  ResumePoint from;
  friend bool operator==(const ResumedReport&, const ResumedReport&) = default;
};

// Another attempt could go on from here: the coordinator has the file already, or can see it.
struct CheckpointReport {
  Checkpoint checkpoint;
  friend bool operator==(const CheckpointReport&, const CheckpointReport&) = default;
};

// The attempt reached its last step.
struct CompletedReport {
  Checkpoint checkpoint;
  Evaluation evaluation;
  std::vector<std::string> warnings{};  // what to know of the result, in sentences
  std::vector<StageTime> stages{};      // what its time went into, where the trainer tells
  friend bool operator==(const CompletedReport&, const CompletedReport&) = default;
};

// Given back; no attempt is consumed.
struct ReleasedReport {
  ReleaseReason reason = ReleaseReason::kDrained;
  friend bool operator==(const ReleasedReport&, const ReleasedReport&) = default;
};

// A DatasetReport ends a preparation, a CompletedReport an attempt; Failure and ReleasedReport end either.
using ReportEvent = std::variant<MetricsReport, ResumedReport, CheckpointReport, DatasetReport,
                                 CompletedReport, Failure, ReleasedReport>;

struct WorkReport {
  WorkRef work;
  ReportEvent event;
  friend bool operator==(const WorkReport&, const WorkReport&) = default;
};

}  // namespace melsweep

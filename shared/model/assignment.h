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

struct TrialAssignment {
  std::int32_t epoch = 0;
  TrialPlan plan;
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

// The attempt reached its last step.
struct CompletedReport {
  Checkpoint checkpoint;
  Evaluation evaluation;
  friend bool operator==(const CompletedReport&, const CompletedReport&) = default;
};

// Given back by a draining worker; no attempt is consumed.
struct ReleasedReport {
  friend bool operator==(const ReleasedReport&, const ReleasedReport&) = default;
};

// A DatasetReport ends a preparation, a CompletedReport an attempt; Failure and ReleasedReport end either.
using ReportEvent = std::variant<MetricsReport, DatasetReport, CompletedReport, Failure, ReleasedReport>;

struct WorkReport {
  WorkRef work;
  ReportEvent event;
  friend bool operator==(const WorkReport&, const WorkReport&) = default;
};

}  // namespace melsweep

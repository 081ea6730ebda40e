// Sweeps, trials and attempts as they are kept: what the coordinator's store holds and its core works on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "shared/model/sweep.h"
#include "shared/model/trial.h"

namespace melsweep {

// Times are Unix milliseconds, UTC.

struct SweepRecord {
  SweepId id;
  SweepSpec spec;
  std::string yaml;   // spec as YAML, overrides applied
  RequestId request;  // of the submission: the same request gives the same sweep
  SweepState state = SweepState::kPreparing;
  std::string reason;  // why it failed; else empty
  std::int64_t created_ms = 0;
  std::int64_t finished_ms = 0;  // 0 = not yet
  friend bool operator==(const SweepRecord&, const SweepRecord&) = default;
};

struct TrialRecord {
  TrialId id;
  SweepId sweep;
  std::int64_t number = 0;  // 1-based within the sweep, in order of cells, seeds, folds
  Cell cell;
  std::uint64_t seed = 0;
  int validation_fold = 0;  // with cross-validation; else 0
  TrialState state = TrialState::kPending;
  std::int32_t epoch = 0;           // of the latest attempt; 0 before the first
  int failed_attempts = 0;          // those that count against retry.max_attempts
  std::optional<double> objective;  // the metric at its last step; set when finished
  std::int64_t created_ms = 0;
  std::int64_t finished_ms = 0;  // 0 = not yet
  friend bool operator==(const TrialRecord&, const TrialRecord&) = default;
};

struct AttemptRecord {
  AttemptRef ref;
  WorkerId worker;
  RequestId request;  // of the lease: the same request gives the same attempt
  AttemptState state = AttemptState::kRunning;
  std::optional<Failure> failure;
  std::optional<Checkpoint> checkpoint;
  std::int64_t started_ms = 0;
  std::int64_t ended_ms = 0;  // 0 = running
  friend bool operator==(const AttemptRecord&, const AttemptRecord&) = default;
};

// Looking at a sweep's data, which is leased like a trial: one record a sweep, from its submission on.
struct PreparationRecord {
  SweepId sweep;
  std::int32_t epoch = 0;   // the fencing number of the latest lease; 0 before the first
  int failed_attempts = 0;  // those that count against retry.max_attempts
  // Of the latest lease; before the first: no worker, no request, kReleased.
  WorkerId worker;
  RequestId request;  // the same request gives the same assignment
  AttemptState state = AttemptState::kReleased;
  friend bool operator==(const PreparationRecord&, const PreparationRecord&) = default;
};

struct WorkerRecord {
  WorkerId id;
  std::string host;
  std::string device;  // "cpu", "cuda:0"
  std::int64_t registered_ms = 0;
  friend bool operator==(const WorkerRecord&, const WorkerRecord&) = default;
};

}  // namespace melsweep

// Sweeps, trials and attempts as they are kept: what the coordinator's store holds and its core works on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "shared/model/resources.h"
#include "shared/model/sweep.h"
#include "shared/model/trial.h"

namespace melsweep {

// Times are Unix milliseconds, UTC.

// Where one of SweepSpec::takes comes from.
struct TakingSource {
  SweepId sweep;
  std::int64_t trial = 0;  // the winner's number in that sweep; 0 = nothing was taken yet
  friend bool operator==(const TakingSource&, const TakingSource&) = default;
};

// What a sweep is among those that were submitted with it.
struct StudyMembership {
  std::string study;  // the study's name
  SweepId first;      // of its sweeps: the study's number. 0: the sweep was submitted alone
  std::vector<TakingSource>
      sources;  // of SweepSpec::takes, in that order; of an ended sweep not brought back
  friend bool operator==(const StudyMembership&, const StudyMembership&) = default;
};

struct SweepRecord {
  SweepId id;
  SweepSpec spec;
  std::string yaml;   // as submitted, overrides applied: of a study all of it
  RequestId request;  // of the submission: the same request gives the same sweep; of a study its first one's
  SweepState state = SweepState::kPreparing;
  bool paused = false;  // nothing of it is handed out; only while it has not ended
  std::string reason;   // why it failed; else empty
  std::int64_t created_ms = 0;
  std::int64_t finished_ms = 0;  // 0 = not yet
  StudyMembership study{};
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
  // All that its result depends on, as a SHA-256 (shared/spec/trial_key.h); empty where that is not known.
  std::string key;
  TrialId reused_from;  // the finished trial with the same key whose result it took over; 0: it ran itself
  std::int64_t created_ms = 0;
  std::int64_t finished_ms = 0;  // 0 = not yet
  friend bool operator==(const TrialRecord&, const TrialRecord&) = default;
};

// A request that was carried out: when it comes again it changes nothing.
struct SweepActionRecord {
  SweepId sweep;
  SweepAction action = SweepAction::kPause;
  RequestId request;
  std::int64_t at_ms = 0;
  friend bool operator==(const SweepActionRecord&, const SweepActionRecord&) = default;
};

// Where an attempt went on: the checkpoint of an earlier attempt of its trial.
struct ResumePoint {
  std::int32_t epoch = 0;
  std::int64_t step = 0;
  friend bool operator==(const ResumePoint&, const ResumePoint&) = default;
};

struct AttemptRecord {
  AttemptRef ref;
  WorkerId worker;
  RequestId request;  // of the lease: the same request gives the same attempt
  AttemptState state = AttemptState::kRunning;
  std::optional<Failure> failure;
  std::optional<Checkpoint> checkpoint;         // the trained model; set when finished
  std::optional<ReleaseReason> release_reason;  // with kReleased; not set by versions before 0.2
  std::optional<ResumePoint> resumed_from;
  std::int64_t started_ms = 0;
  std::int64_t ended_ms = 0;  // 0 = running
  friend bool operator==(const AttemptRecord&, const AttemptRecord&) = default;
};

// A checkpoint made in the middle of an attempt, from which another may go on.
struct CheckpointRecord {
  AttemptRef attempt;
  Checkpoint checkpoint;
  friend bool operator==(const CheckpointRecord&, const CheckpointRecord&) = default;
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
  bool draining = false;  // it is to leave, and is given nothing more
  WorkerResources resources{};
  friend bool operator==(const WorkerRecord&, const WorkerRecord&) = default;
};

}  // namespace melsweep

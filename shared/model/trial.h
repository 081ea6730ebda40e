// A trial: one cell, one seed, and with cross-validation one fold, trained once, in one or more attempts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/ids.h"
#include "shared/model/settings.h"
#include "shared/model/sweep.h"

namespace melsweep {

// The legal transitions are in coordinator/core/life_cycle.h.
enum class TrialState { kPending, kRunning, kFinished, kFailed, kCancelled };
enum class AttemptState {
  kRunning,
  kFinished,
  kFailed,    // the trainer said why, or died
  kLost,      // the lease ran out: the agent died or was cut off
  kReleased,  // given back, for a ReleaseReason: does not count against max_attempts
  kCancelled,
};

// Why an attempt was given back before its end.
enum class ReleaseReason {
  kDrained,      // its worker was told to leave
  kTimeLimit,    // its worker's time was about to run out
  kPaused,       // its sweep was
  kNoContact,    // its worker had lost the coordinator for a whole lease, and ended the trainer
  kUndelivered,  // its worker never heard of it
  kGroupDied,  // its trainer died with a group of trials: who of them is to blame shows when each runs alone
};

// Why an attempt ended without a result.
enum class FailureKind {
  kBadData,           // retrying cannot help
  kBadConfiguration,  // retrying cannot help
  kOutOfMemory,
  kTrainerDied,  // exit status or signal in the message
  kInternal,
};

struct Failure {
  FailureKind kind = FailureKind::kInternal;
  std::string message;  // what is wrong, where, what to do
  friend bool operator==(const Failure&, const Failure&) = default;
};

// Everything a trainer needs to run a trial, and all that its result may depend on.
struct TrialPlan {
  TrialId id;
  SweepId sweep;
  DatasetSpec dataset;
  std::string dataset_hash;  // DatasetReport::content_hash: the trainer refuses data that changed since
  int validation_fold = 0;   // with cross-validation the fold to validate on; else 0
  TrialSettings settings;
  std::string
      weights_hash;  // DatasetReport::weights_hashes' of settings.model.weights: the trainer refuses others
  std::uint64_t seed = 0;
  Split evaluate = Split::kValidation;  // the part whose clips it is evaluated on: kValidation or kTest
  TrainOn train_on = TrainOn::kTraining;
  friend bool operator==(const TrialPlan&, const TrialPlan&) = default;
};

}  // namespace melsweep

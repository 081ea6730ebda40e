// Checkpoints on disk: ordinary model files that say which trial they are of, and how far it was.
#pragma once

#include <cstdint>
#include <filesystem>

#include "absl/status/statusor.h"
#include "shared/model/metric.h"
#include "shared/model/trial.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/training/learner.h"

namespace melsweep::training {

// What the checkpoints of a trial all say: everything that its result depends on, and what a program needs to
// use the model, whose classes are `data`'s.
inception::Metadata checkpoint_metadata(const TrialPlan& plan, const DatasetReport& data);

// Writes folder/step-N.safetensors, atomically; the folder, an absolute path, is made. The same trial gives
// the same bytes for the same step.
absl::StatusOr<Checkpoint> write_checkpoint(const std::filesystem::path& folder, std::int64_t step,
                                            const Model& model, const inception::Metadata& trial);

struct StoredCheckpoint {
  inception::SafetensorsFile file;
  std::int64_t step = 0;  // at least 1
};

// A checkpoint that write_checkpoint() made of this trial, every byte looked at. The errors, with the path:
// NotFound or the system's reason, InvalidArgument and DataLoss where it is damaged, FailedPrecondition where
// it is of another trial.
absl::StatusOr<StoredCheckpoint> read_checkpoint(const std::filesystem::path& path,
                                                 const inception::Metadata& trial);

}  // namespace melsweep::training

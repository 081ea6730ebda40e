// How work on a data set or a trial ends.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "shared/model/metric.h"
#include "shared/model/stage_time.h"
#include "shared/model/trial.h"

namespace melsweep::training {

// A file beside the checkpoint.
struct Archive {
  std::filesystem::path path;  // absolute
  std::string sha256;
};

struct Trained {
  Checkpoint checkpoint;
  Evaluation evaluation;
  std::optional<Archive> misclassified{};  // of test clips that were got wrong
  std::vector<std::string> warnings{};     // what to know of it, in sentences
  std::vector<StageTime> stages{};         // of all that were trained together, up to its end
};

// It was asked to stop, and did.
struct Interrupted {};

// What a failed status comes to: Cancelled is Interrupted, ResourceExhausted kOutOfMemory; the machine's
// failures (Internal, Unavailable, Unknown, DataLoss, PermissionDenied, Aborted) are kInternal, so that
// another attempt is made; numbers that grew out of all bounds (OutOfRange) are kBadConfiguration; what is
// left is of the kind that the stage it happened in is prone to.
std::variant<Failure, Interrupted> end_of(const absl::Status& status, FailureKind of_the_stage);

// For work on what another machine has found good: NotFound and FailedPrecondition become Internal, and say
// which machine lacks something.
absl::Status on_this_machine(const absl::Status& status);

}  // namespace melsweep::training

#include "worker/trainer/training/outcome.h"

#include <string>

namespace melsweep::training {

std::variant<Failure, Interrupted> end_of(const absl::Status& status, FailureKind of_the_stage) {
  Failure failure{.kind = of_the_stage, .message = std::string(status.message())};
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return Interrupted{};
    case absl::StatusCode::kResourceExhausted:
      failure.kind = FailureKind::kOutOfMemory;
      break;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kAborted:
      failure.kind = FailureKind::kInternal;
      break;
    default:
      break;
  }
  return failure;
}

}  // namespace melsweep::training

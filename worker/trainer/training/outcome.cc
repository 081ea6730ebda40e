#include "worker/trainer/training/outcome.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <string>

namespace melsweep::training {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this machine";
}

}  // namespace

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
    case absl::StatusCode::kOutOfRange:
      failure.kind = FailureKind::kBadConfiguration;
      break;
    default:
      break;
  }
  return failure;
}

absl::Status on_this_machine(const absl::Status& status) {
  if (!absl::IsNotFound(status) && !absl::IsFailedPrecondition(status)) return status;
  return absl::InternalError(
      fmt::format("{} (on {}, which must have what the worker has that prepared the sweep)",
                  std::string(status.message()), host_name()));
}

}  // namespace melsweep::training

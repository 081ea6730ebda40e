// worker.proto <-> shared/model/assignment.h: work under a lease and what is said of it. The rules are those
// of model_messages.h.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "absl/status/statusor.h"
#include "melsweep/v1/worker.pb.h"
#include "shared/model/assignment.h"
#include "shared/model/trial.h"

namespace melsweep::wire {

v1::Assignment encode(const Assignment& assignment);
v1::WorkRef encode(const WorkRef& work);
v1::RunningWork encode(const RunningWork& running);
v1::Report encode(const WorkReport& report);
v1::Failed encode(const Failure& failure);

absl::StatusOr<Assignment> decode(const v1::Assignment& message);
absl::StatusOr<WorkRef> decode(const v1::WorkRef& message);
absl::StatusOr<RunningWork> decode(const v1::RunningWork& message);
absl::StatusOr<WorkReport> decode(const v1::Report& message);
absl::StatusOr<Failure> decode(const v1::Failed& message);

// Every element, in order, or the first error.
absl::StatusOr<std::vector<WorkRef>> decode(const google::protobuf::RepeatedPtrField<v1::WorkRef>& messages);
absl::StatusOr<std::vector<RunningWork>> decode(
    const google::protobuf::RepeatedPtrField<v1::RunningWork>& messages);
absl::StatusOr<std::vector<WorkReport>> decode(
    const google::protobuf::RepeatedPtrField<v1::Report>& messages);

}  // namespace melsweep::wire

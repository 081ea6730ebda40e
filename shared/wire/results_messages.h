// results.proto <-> shared/results/results.h. The rules are those of model_messages.h.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "absl/status/statusor.h"
#include "melsweep/v1/results.pb.h"
#include "shared/results/results.h"

namespace melsweep::wire {

v1::SweepSummary encode(const results::SweepSummary& sweep);
v1::TrialSummary encode(const results::TrialSummary& trial);
v1::SweepProgress encode(const results::SweepProgress& progress);
v1::WorkerSummary encode(const results::WorkerSummary& worker);

absl::StatusOr<results::SweepSummary> decode(const v1::SweepSummary& message);
absl::StatusOr<results::TrialSummary> decode(const v1::TrialSummary& message);
absl::StatusOr<results::SweepProgress> decode(const v1::SweepProgress& message);
absl::StatusOr<results::WorkerSummary> decode(const v1::WorkerSummary& message);

// Every element, in order, or the first error.
absl::StatusOr<std::vector<results::SweepSummary>> decode(
    const google::protobuf::RepeatedPtrField<v1::SweepSummary>& messages);
absl::StatusOr<std::vector<results::TrialSummary>> decode(
    const google::protobuf::RepeatedPtrField<v1::TrialSummary>& messages);
absl::StatusOr<std::vector<results::WorkerSummary>> decode(
    const google::protobuf::RepeatedPtrField<v1::WorkerSummary>& messages);
absl::StatusOr<std::vector<ClassMetrics>> decode(
    const google::protobuf::RepeatedPtrField<v1::ClassMetrics>& messages);

}  // namespace melsweep::wire

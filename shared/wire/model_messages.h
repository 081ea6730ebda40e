// model.proto <-> shared/model: what more than one service speaks of.
// encode() writes what decode() reads back equal. decode() never trusts: an id that is not positive, an enum
// that is unspecified (but for a file's kind) or unknown, or a oneof with nothing in it is an InvalidArgument
// that names the field.
#pragma once

#include "absl/status/statusor.h"
#include "melsweep/v1/model.pb.h"
#include "shared/model/artifact.h"
#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "shared/model/progress.h"
#include "shared/model/resources.h"
#include "shared/model/sweep.h"

namespace melsweep::wire {

v1::AttemptRef encode(const AttemptRef& attempt);
v1::Parameter encode(const Parameter& parameter);
v1::MetricPoint encode(const MetricPoint& point);
v1::ClassMetrics encode(const ClassMetrics& metrics);
v1::Progress encode(const Progress& progress);
v1::Split encode(Split split);
v1::ArtifactKind encode(ArtifactKind kind);
v1::WorkerResources encode(const WorkerResources& resources);

absl::StatusOr<AttemptRef> decode(const v1::AttemptRef& message);
absl::StatusOr<Parameter> decode(const v1::Parameter& message);
absl::StatusOr<MetricPoint> decode(const v1::MetricPoint& message);
absl::StatusOr<ClassMetrics> decode(const v1::ClassMetrics& message);
absl::StatusOr<Progress> decode(const v1::Progress& message);
absl::StatusOr<Split> decode(v1::Split message);
absl::StatusOr<ArtifactKind> decode(v1::ArtifactKind message);
absl::StatusOr<WorkerResources> decode(const v1::WorkerResources& message);

}  // namespace melsweep::wire

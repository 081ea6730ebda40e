// worker.proto's Checkpoint and Evaluation <-> shared/model/metric.h. The rules are those of
// model_messages.h; also, a prediction's classes must be among the evaluation's, with one probability each
// (or none at all).
#pragma once

#include "absl/status/statusor.h"
#include "melsweep/v1/worker.pb.h"
#include "shared/model/metric.h"

namespace melsweep::wire {

v1::Checkpoint encode(const Checkpoint& checkpoint);
v1::Evaluation encode(const Evaluation& evaluation);

absl::StatusOr<Checkpoint> decode(const v1::Checkpoint& message);
absl::StatusOr<Evaluation> decode(const v1::Evaluation& message);

}  // namespace melsweep::wire

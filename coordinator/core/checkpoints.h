// The checkpoints of trials that have not ended: what their next attempt may go on from.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/model/assignment.h"

namespace melsweep::core {

// The newest, and the one before for when it turns out to be damaged.
inline constexpr std::size_t kCheckpointsKept = 2;

// What a new attempt may go on from, newest first.
std::vector<CheckpointRef> checkpoints_for(const TrialEntry& trial);

// The trial has this checkpoint.
bool has_checkpoint(const TrialEntry& trial, const ResumePoint& point);

// The running attempt made a checkpoint: what is older than kCheckpointsKept goes. Nothing happens where the
// attempt has made a later one already.
void keep_checkpoint(TrialEntry& trial, const Checkpoint& checkpoint, Outbox& outbox);

// The running attempt goes on from one of the trial's checkpoints. Nothing happens the second time.
void go_on_from(TrialEntry& trial, const ResumePoint& point, Outbox& outbox);

// The trial has ended: all of them go, but for the file that `kept` is, if any.
void drop_checkpoints(TrialEntry& trial, const std::optional<Checkpoint>& kept, Outbox& outbox);

// The trial's latest attempt has ended: what it, or one before it, has stored and nobody has reported goes.
void drop_leftovers(const TrialEntry& trial, Outbox& outbox);

// The files that the database refers to, and the attempts that may still come to report what they have
// stored. All others are of no use.
struct ArtifactsInUse {
  std::set<ArtifactName> files;
  std::set<AttemptRef> running;
};

ArtifactsInUse artifacts_in_use(const State& state);

}  // namespace melsweep::core

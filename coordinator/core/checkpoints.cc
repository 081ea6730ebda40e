#include "coordinator/core/checkpoints.h"

#include <algorithm>
#include <utility>

namespace melsweep::core {
namespace {

void forget(const TrialEntry& trial, const CheckpointRecord& record, Outbox& outbox) {
  outbox.writes.emplace_back(store::DropCheckpoint{record.attempt, record.checkpoint.step});
  outbox.obsolete.names.push_back({trial.record.sweep, record.attempt, record.checkpoint.step});
}

}  // namespace

std::vector<CheckpointRef> checkpoints_for(const TrialEntry& trial) {
  std::vector<CheckpointRef> refs;
  for (auto record = trial.checkpoints.rbegin(); record != trial.checkpoints.rend(); ++record) {
    refs.push_back({record->attempt.epoch, record->checkpoint.step, record->checkpoint.sha256});
  }
  return refs;
}

bool has_checkpoint(const TrialEntry& trial, const ResumePoint& point) {
  return std::any_of(trial.checkpoints.begin(), trial.checkpoints.end(), [&](const CheckpointRecord& record) {
    return record.attempt.epoch == point.epoch && record.checkpoint.step == point.step;
  });
}

void keep_checkpoint(TrialEntry& trial, const Checkpoint& checkpoint, Outbox& outbox) {
  std::vector<CheckpointRecord>& kept = trial.checkpoints;
  const AttemptRef& attempt = trial.attempt->ref;
  const bool is_late =
      !kept.empty() && kept.back().attempt == attempt && kept.back().checkpoint.step >= checkpoint.step;
  if (is_late) return;
  kept.push_back({attempt, checkpoint});
  outbox.writes.emplace_back(store::PutCheckpoint{kept.back()});
  if (kept.size() <= kCheckpointsKept) return;
  forget(trial, kept.front(), outbox);
  kept.erase(kept.begin());
}

void go_on_from(TrialEntry& trial, const ResumePoint& point, Outbox& outbox) {
  if (trial.attempt->resumed_from) return;
  trial.attempt->resumed_from = point;
  outbox.writes.emplace_back(store::PutAttempt{*trial.attempt});
  outbox.writes.emplace_back(store::InheritMetrics{trial.attempt->ref, point});
}

void drop_checkpoints(TrialEntry& trial, const std::optional<Checkpoint>& kept, Outbox& outbox) {
  for (const CheckpointRecord& record : std::exchange(trial.checkpoints, {})) {
    forget(trial, record, outbox);
    const bool is_result =
        kept && record.attempt == trial.attempt->ref && record.checkpoint.step == kept->step;
    if (is_result) outbox.obsolete.names.pop_back();
  }
}

void drop_leftovers(const TrialEntry& trial, Outbox& outbox) {
  const AttemptRecord& attempt = *trial.attempt;
  Leftovers leftovers{trial.record.sweep, attempt.ref, {}};
  for (const CheckpointRecord& record : trial.checkpoints) {
    leftovers.kept.insert({trial.record.sweep, record.attempt, record.checkpoint.step});
  }
  if (attempt.checkpoint) leftovers.kept.insert({trial.record.sweep, attempt.ref, attempt.checkpoint->step});
  outbox.obsolete.leftovers.push_back(std::move(leftovers));
}

ArtifactsInUse artifacts_in_use(const State& state) {
  ArtifactsInUse in_use;
  for (const auto& [id, trial] : state.trials) {
    for (const CheckpointRecord& record : trial.checkpoints) {
      in_use.files.insert({trial.record.sweep, record.attempt, record.checkpoint.step});
    }
    if (!trial.attempt || trial.record.reused_from.value != 0) continue;
    const AttemptRecord& attempt = *trial.attempt;
    if (attempt.state == AttemptState::kRunning) in_use.running.insert(attempt.ref);
    if (attempt.checkpoint) in_use.files.insert({trial.record.sweep, attempt.ref, attempt.checkpoint->step});
  }
  return in_use;
}

}  // namespace melsweep::core

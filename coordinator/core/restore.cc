#include "coordinator/core/restore.h"

#include "absl/strings/str_cat.h"
#include "coordinator/core/invariants.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/reuse.h"
#include "coordinator/core/trial_making.h"

namespace melsweep::core {
namespace {

absl::Status lost(const std::string& what) {
  return absl::DataLossError(absl::StrCat("the database contradicts itself: ", what));
}

absl::Status restore_sweeps(const store::Snapshot& snapshot, State& state) {
  for (const SweepRecord& record : snapshot.sweeps) {
    SweepEntry& sweep = state.sweeps[record.id];
    sweep.record = record;
    sweep.preparation.sweep = record.id;
    if (record.study.first == SweepId{} || record.study.first == record.id) {
      state.submissions.emplace(record.request, record.id);
    }
    if (!is_final(record.state)) state.open_sweeps.insert(record.id);
  }
  for (const SweepActionRecord& record : snapshot.actions) {
    const auto sweep = state.sweeps.find(record.sweep);
    if (sweep == state.sweeps.end())
      return lost(absl::StrCat("an action on no sweep (", record.sweep.value, ")"));
    sweep->second.actions.emplace(record.request, record.action);
  }
  for (const PreparationRecord& record : snapshot.preparations) {
    const auto sweep = state.sweeps.find(record.sweep);
    if (sweep == state.sweeps.end())
      return lost(absl::StrCat("a preparation of no sweep (", record.sweep.value, ")"));
    sweep->second.preparation = record;
  }
  for (const store::Snapshot::Prepared& prepared : snapshot.datasets) {
    const auto sweep = state.sweeps.find(prepared.sweep);
    if (sweep == state.sweeps.end())
      return lost(absl::StrCat("a data set of no sweep (", prepared.sweep.value, ")"));
    sweep->second.dataset_hash = prepared.report.content_hash;
    sweep->second.classes = prepared.report.classes;
    sweep->second.weights_hashes = prepared.report.weights_hashes;
    sweep->second.trainer = prepared.report.trainer;
    sweep->second.folds = folds_of(sweep->second.record.spec, prepared.report);
  }
  return absl::OkStatus();
}

absl::Status restore_trials(const store::Snapshot& snapshot, State& state) {
  for (const TrialRecord& record : snapshot.trials) {
    const auto found = state.sweeps.find(record.sweep);
    if (found == state.sweeps.end()) return lost(absl::StrCat("trial ", record.id.value, " is of no sweep"));
    SweepEntry& sweep = found->second;
    if (sweep.trials == 0) sweep.first_trial = record.id;
    ++sweep.trials;
    if (record.number != sweep.trials || record.id.value != sweep.first_trial.value + record.number - 1) {
      return lost(absl::StrCat("the trials of sweep ", record.sweep.value, " are not consecutive at trial ",
                               record.id.value));
    }
    if (!is_final(record.state)) ++sweep.trials_open;
    if (record.state == TrialState::kFinished) ++sweep.trials_finished;
    if (record.state == TrialState::kFailed) ++sweep.trials_failed;
    TrialEntry& trial = state.trials[record.id];
    trial.record = record;
    if (!is_final(record.state)) {
      trial.family = sweep.families.of(record.cell.settings, record.validation_fold);
    }
  }
  for (const AttemptRecord& record : snapshot.attempts) {
    const auto trial = state.trials.find(record.ref.trial);
    if (trial == state.trials.end())
      return lost(absl::StrCat(describe(record.ref), ", which does not exist"));
    if (record.ref.epoch == trial->second.record.epoch) trial->second.attempt = record;
    if (record.state == AttemptState::kFailed || record.state == AttemptState::kLost) {
      trial->second.failed_on.insert(record.worker);
      trial->second.alone = true;
    }
    if (record.release_reason == ReleaseReason::kGroupDied) trial->second.alone = true;
  }
  for (const CheckpointRecord& record : snapshot.checkpoints) {
    const auto trial = state.trials.find(record.attempt.trial);
    if (trial == state.trials.end())
      return lost(absl::StrCat("a checkpoint of ", describe(record.attempt), ", which does not exist"));
    trial->second.checkpoints.push_back(record);
  }
  for (const auto& [id, trial] : state.trials) {
    if (trial.record.state == TrialState::kFinished) remember_result(state, trial);
  }
  for (const store::Snapshot::ObjectivePoint& objective : snapshot.objectives) {
    const auto trial = state.trials.find(objective.attempt.trial);
    if (trial == state.trials.end())
      return lost(absl::StrCat(describe(objective.attempt), ", which does not exist"));
    if (objective.attempt.epoch == trial->second.record.epoch) trial->second.objective = objective.point;
  }
  return absl::OkStatus();
}

// Leases what runs and queues what waits.
absl::Status resume(State& state, const WorkKey& key, const Now& now) {
  const LatestLease lease = latest_lease(state, key);
  if (lease.state == AttemptState::kRunning) {
    if (!state.workers.contains(lease.worker)) return lost(absl::StrCat("no worker ", lease.worker.value));
    hold(state, key, lease.worker, now.monotonic);
    confirm(state, key, now.monotonic);  // for all that is known
  } else {
    enqueue(state, key, now.monotonic);
  }
  return absl::OkStatus();
}

// The lease in both states that the key names, if it is the same one.
void carry_over_lease(const State& before, const WorkKey& key, State& restored) {
  const bool exists = key.number == 0 ? before.sweeps.contains(key.sweep)
                                      : before.trials.contains(trial_at(restored, key).record.id);
  if (!exists || !lease_at(before, key) ||
      latest_lease(before, key).epoch != latest_lease(restored, key).epoch)
    return;
  std::optional<Lease>& lease = lease_at(restored, key);
  const Lease fresh = *lease;
  lease = *lease_at(before, key);
  lease->expires = fresh.expires;
  lease->cost_left = fresh.cost_left;
  note_progress(restored, key, lease->progress);
}

}  // namespace

void carry_over(State before, State& restored) {
  for (auto& [id, worker] : restored.workers) {
    const auto known = before.workers.find(id);
    if (known == before.workers.end()) continue;
    worker.last_seen_ms = known->second.last_seen_ms;
    worker.last_heard = known->second.last_heard;
    for (const WorkKey& key : worker.holds) carry_over_lease(before, key, restored);
  }
  for (const auto& [request, sweep] : before.submissions) {
    if (restored.sweeps.contains(sweep)) restored.submissions.emplace(request, sweep);
  }
  restored.first_served = before.first_served;
  restored.last_served = before.last_served;
  for (const auto& [place, parked] : before.parked) {
    if (restored.workers.contains(parked.worker)) restored.parked.add(parked);
  }
}

absl::StatusOr<State> restore(const Options& options, const store::Snapshot& snapshot, const Now& now) {
  State state;
  state.options = options;
  state.store = snapshot.store;
  for (const WorkerRecord& record : snapshot.workers) state.workers[record.id].record = record;
  if (absl::Status status = restore_sweeps(snapshot, state); !status.ok()) return status;
  if (absl::Status status = restore_trials(snapshot, state); !status.ok()) return status;
  for (auto& [id, sweep] : state.sweeps) {
    if (sweep.record.state == SweepState::kRunning) plan_trials(state, sweep);
    if (absl::Status status = resume(state, key_of(sweep), now); !status.ok()) return status;
  }
  for (const auto& [id, trial] : state.trials) {
    if (absl::Status status = resume(state, key_of(trial), now); !status.ok()) return status;
  }
  if (const absl::Status sound = check_invariants(state); !sound.ok())
    return lost(std::string(sound.message()));
  return state;
}

}  // namespace melsweep::core

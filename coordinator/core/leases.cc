#include "coordinator/core/leases.h"

#include <cassert>

#include "absl/strings/str_cat.h"

namespace melsweep::core {
namespace {

constexpr std::int64_t kPreparation = 0;

MonotonicTime expiry(const State& state, MonotonicTime now) {
  return now + state.options.lease_ttl + state.options.lease_grace;
}

}  // namespace

TrialEntry& trial_at(State& state, const WorkKey& key) {
  assert(key.number > kPreparation);
  return state.trials.at(TrialId{state.sweeps.at(key.sweep).first_trial.value + key.number - 1});
}

const TrialEntry& trial_at(const State& state, const WorkKey& key) {
  assert(key.number > kPreparation);
  return state.trials.at(TrialId{state.sweeps.at(key.sweep).first_trial.value + key.number - 1});
}

LatestLease latest_lease(const State& state, const WorkKey& key) {
  if (key.number == kPreparation) {
    const PreparationRecord& preparation = state.sweeps.at(key.sweep).preparation;
    return {preparation.epoch, preparation.worker, preparation.request, preparation.state};
  }
  const std::optional<AttemptRecord>& attempt = trial_at(state, key).attempt;
  if (!attempt) return {};
  return {attempt->ref.epoch, attempt->worker, attempt->request, attempt->state};
}

std::optional<Lease>& lease_at(State& state, const WorkKey& key) {
  if (key.number == kPreparation) return state.sweeps.at(key.sweep).lease;
  return trial_at(state, key).lease;
}

const std::optional<Lease>& lease_at(const State& state, const WorkKey& key) {
  if (key.number == kPreparation) return state.sweeps.at(key.sweep).lease;
  return trial_at(state, key).lease;
}

WorkKey key_of(const SweepEntry& sweep) {
  return {sweep.record.id, kPreparation};
}

WorkKey key_of(const TrialEntry& trial) {
  return {trial.record.sweep, trial.record.number};
}

std::optional<WorkKey> find_work(const State& state, const WorkRef& work) {
  if (const auto* prepare = std::get_if<PrepareRef>(&work)) {
    if (!state.sweeps.contains(prepare->sweep)) return std::nullopt;
    return WorkKey{prepare->sweep, kPreparation};
  }
  const auto trial = state.trials.find(std::get<AttemptRef>(work).trial);
  if (trial == state.trials.end()) return std::nullopt;
  return key_of(trial->second);
}

std::int32_t epoch_of(const WorkRef& work) {
  return std::visit([](const auto& ref) { return ref.epoch; }, work);
}

std::string describe(const WorkRef& work) {
  if (const auto* prepare = std::get_if<PrepareRef>(&work)) {
    return absl::StrCat("attempt ", prepare->epoch, " at the data of sweep ", prepare->sweep.value);
  }
  const auto& attempt = std::get<AttemptRef>(work);
  return absl::StrCat("attempt ", attempt.epoch, " of trial ", attempt.trial.value);
}

absl::Status not_held(const WorkRef& work, const WorkerId& worker) {
  return absl::FailedPreconditionError(
      absl::StrCat(describe(work), " is not held by ", worker.value, " any more: stop it"));
}

void hear(WorkerEntry& worker, const Now& now) {
  worker.last_seen_ms = now.wall.time_since_epoch().count();
  worker.last_heard = now.monotonic;
}

bool is_held(const State& state, const WorkRef& work, const WorkerId& worker) {
  const std::optional<WorkKey> key = find_work(state, work);
  if (!key) return false;
  const LatestLease lease = latest_lease(state, *key);
  return lease.state == AttemptState::kRunning && lease.epoch == epoch_of(work) && lease.worker == worker;
}

bool is_alive(const State& state, const WorkerEntry& worker, MonotonicTime now) {
  return !worker.holds.empty() || (worker.last_heard && expiry(state, *worker.last_heard) > now);
}

bool awaits_lease(const State& state, const WorkKey& key) {
  const SweepEntry& sweep = state.sweeps.at(key.sweep);
  if (sweep.record.paused) return false;
  if (key.number > kPreparation) return trial_at(state, key).record.state == TrialState::kPending;
  return sweep.record.state == SweepState::kPreparing && sweep.preparation.state != AttemptState::kRunning;
}

void enqueue(State& state, const WorkKey& key, MonotonicTime ready_at) {
  if (awaits_lease(state, key)) state.queue.add(key, ready_at);
}

void hold(State& state, const WorkKey& key, const WorkerId& worker, MonotonicTime now) {
  std::optional<Lease>& lease = lease_at(state, key);
  assert(!lease);
  lease.emplace();
  lease->granted = now;
  lease->expires = expiry(state, now);
  state.expiries.emplace(lease->expires, key);
  state.workers.at(worker).holds.insert(key);
}

void renew(State& state, const WorkKey& key, MonotonicTime now) {
  std::optional<Lease>& lease = lease_at(state, key);
  assert(lease);
  state.expiries.erase({lease->expires, key});
  lease->expires = expiry(state, now);
  state.expiries.emplace(lease->expires, key);
}

void confirm(State& state, const WorkKey& key, MonotonicTime now) {
  renew(state, key, now);
  lease_at(state, key)->confirmed = true;
}

void let_go(State& state, const WorkKey& key) {
  std::optional<Lease>& lease = lease_at(state, key);
  assert(lease);
  state.expiries.erase({lease->expires, key});
  lease.reset();
  state.workers.at(latest_lease(state, key).worker).holds.erase(key);
}

}  // namespace melsweep::core

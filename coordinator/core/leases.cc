#include "coordinator/core/leases.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace melsweep::core {
namespace {

constexpr std::int64_t kPreparation = 0;

// The trainers' word for it (Progress::stage).
constexpr std::string_view kTrainingStage = "training";

// Of numbers as large as a sweep may ask for; so small that those of a whole sweep can be summed.
std::int64_t product(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? kMost : std::min(result, kMost);
}

// Of a leased trial that may be one of a group.
void change_cost_left(State& state, const WorkKey& key, std::int64_t cost) {
  Lease& lease = *lease_at(state, key);
  SweepEntry& sweep = state.sweeps.at(key.sweep);
  std::int64_t& leased = sweep.leased[trial_at(state, key).family];
  leased += cost - lease.cost_left;
  lease.cost_left = cost;
}

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

Grouping grouping_of(const State& state, const WorkKey& key) {
  if (key.number == kPreparation) return {};
  const TrialEntry& trial = trial_at(state, key);
  if (trial.alone) return {};
  const TrainingSettings& training = trial.record.cell.settings.training;
  const std::int64_t cost = product(training.steps, training.batch_size);
  if (cost < kCostWorthSharing) return {trial.family, 0, 0, cost};
  return {trial.family, training.batch_size, trial.record.seed, cost};
}

void enqueue(State& state, const WorkKey& key, MonotonicTime ready_at) {
  if (awaits_lease(state, key)) state.queue.add(key, ready_at, grouping_of(state, key));
}

void hold(State& state, const WorkKey& key, const WorkerId& worker, MonotonicTime now) {
  std::optional<Lease>& lease = lease_at(state, key);
  assert(!lease);
  lease.emplace();
  lease->granted = now;
  lease->expires = expiry(state, now);
  state.expiries.emplace(lease->expires, key);
  state.workers.at(worker).holds.insert(key);
  if (key.number != kPreparation) ++state.sweeps.at(key.sweep).trials_leased;
  if (const Grouping grouping = grouping_of(state, key); grouping.family != 0) {
    change_cost_left(state, key, grouping.cost);
  }
}

void note_progress(State& state, const WorkKey& key, const Progress& progress) {
  Lease& lease = *lease_at(state, key);
  lease.progress = progress;
  if (progress.stage != kTrainingStage || progress.total <= 0 || lease.cost_left == 0) return;
  const double left = 1.0 - static_cast<double>(progress.done) / static_cast<double>(progress.total);
  const auto cost = static_cast<double>(grouping_of(state, key).cost);
  // One that is still held counts, however far it says that it is.
  change_cost_left(state, key, static_cast<std::int64_t>(cost * std::clamp(left, 0.0, 1.0)) + 1);
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
  if (lease->cost_left != 0) change_cost_left(state, key, 0);
  lease.reset();
  if (key.number != kPreparation) --state.sweeps.at(key.sweep).trials_leased;
  state.workers.at(latest_lease(state, key).worker).holds.erase(key);
}

}  // namespace melsweep::core

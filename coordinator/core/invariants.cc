#include "coordinator/core/invariants.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/checkpoints.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/matching.h"
#include "coordinator/core/trial_making.h"

namespace melsweep::core {
namespace {

absl::Status broken(const std::string& what) {
  return absl::InternalError(what);
}

// What is common to preparations and trials.
absl::Status check_work(const State& state, const WorkKey& key) {
  const std::string name = absl::StrCat("work ", key.sweep.value, "/", key.number);
  const LatestLease latest = latest_lease(state, key);
  const std::optional<Lease>& lease = lease_at(state, key);
  const bool runs = latest.state == AttemptState::kRunning;
  if (runs != lease.has_value()) return broken(absl::StrCat(name, ": its lease and its state disagree"));
  if (state.queue.contains(key) != awaits_lease(state, key))
    return broken(absl::StrCat(name, ": the queue and its state disagree"));
  if (!runs) return absl::OkStatus();
  if (state.queue.contains(key)) return broken(absl::StrCat(name, " is both leased and queued"));
  if (!state.expiries.contains({lease->expires, key})) return broken(absl::StrCat(name, " never expires"));
  const auto worker = state.workers.find(latest.worker);
  if (worker == state.workers.end() || !worker->second.holds.contains(key)) {
    return broken(absl::StrCat(name, ": its worker does not know that it holds it"));
  }
  return absl::OkStatus();
}

absl::Status check_trial(const State& state, const TrialEntry& trial) {
  const TrialRecord& record = trial.record;
  const std::string name = absl::StrCat("trial ", record.id.value);
  const LatestLease latest = latest_lease(state, key_of(trial));
  if (latest.epoch != record.epoch)
    return broken(absl::StrCat(name, ": its latest attempt has another epoch"));
  if ((record.state == TrialState::kRunning) != (latest.state == AttemptState::kRunning)) {
    return broken(absl::StrCat(name, ": its state and its attempt's disagree"));
  }
  if ((record.state == TrialState::kFinished) != record.objective.has_value()) {
    return broken(absl::StrCat(name, ": an objective without an end, or the reverse"));
  }
  if (trial.checkpoints.size() > (is_final(record.state) ? 0 : kCheckpointsKept)) {
    return broken(absl::StrCat(name, " keeps ", trial.checkpoints.size(), " checkpoints"));
  }
  for (const CheckpointRecord& checkpoint : trial.checkpoints) {
    if (checkpoint.attempt.trial != record.id || checkpoint.attempt.epoch > record.epoch)
      return broken(absl::StrCat(name, " has a checkpoint of another trial, or of the future"));
  }
  const SweepSpec& spec = state.sweeps.at(record.sweep).record.spec;
  if (!is_final(record.state) && record.failed_attempts >= spec.retry.max_attempts) {
    return broken(absl::StrCat(name, " goes on after its last attempt"));
  }
  return check_work(state, key_of(trial));
}

// A sweep waits for those that it has not taken from yet, and for nothing else.
absl::Status check_study(const State& state, const SweepEntry& sweep) {
  const std::string name = absl::StrCat("sweep ", sweep.record.id.value);
  const StudyMembership& study = sweep.record.study;
  if (study.sources.size() != sweep.record.spec.takes.size()) {
    return broken(absl::StrCat(name, ": what it takes and from whom disagree"));
  }
  bool waits = false;
  for (const TakingSource& source : study.sources) {
    const auto other = state.sweeps.find(source.sweep);
    if (other == state.sweeps.end() || source.sweep >= sweep.record.id ||
        other->second.record.study.first != study.first) {
      return broken(absl::StrCat(name, " takes from sweep ", source.sweep.value,
                                 ", which is not before it in its study"));
    }
    if (source.trial == 0 && has_ended(other->second.record.state)) {
      return broken(absl::StrCat(name, " waits for sweep ", source.sweep.value, ", which has ended"));
    }
    waits = waits || source.trial == 0;
  }
  if ((sweep.record.state == SweepState::kWaiting) != waits) {
    return broken(absl::StrCat(name, ": what it waits for and its state disagree"));
  }
  if (waits && (sweep.trials > 0 || sweep.preparation.epoch > 0))
    return broken(absl::StrCat(name, " waits and works"));
  return absl::OkStatus();
}

absl::Status check_sweep(const State& state, const SweepEntry& sweep) {
  const std::string name = absl::StrCat("sweep ", sweep.record.id.value);
  std::int64_t open = 0;
  std::int64_t finished = 0;
  std::int64_t failed = 0;
  std::int64_t leased = 0;
  for (std::int64_t number = 1; number <= sweep.trials; ++number) {
    const auto found = state.trials.find(TrialId{sweep.first_trial.value + number - 1});
    if (found == state.trials.end() || key_of(found->second) != WorkKey{sweep.record.id, number}) {
      return broken(absl::StrCat(name, ": its trial number ", number, " is missing"));
    }
    const TrialState trial = found->second.record.state;
    open += is_final(trial) ? 0 : 1;
    finished += trial == TrialState::kFinished ? 1 : 0;
    failed += trial == TrialState::kFailed ? 1 : 0;
    leased += found->second.lease ? 1 : 0;
  }
  if (leased != sweep.trials_leased) {
    return broken(
        absl::StrCat(name, ": the number of its leases is ", leased, ", not ", sweep.trials_leased));
  }
  if (const int most = sweep.record.spec.max_parallel; most > 0 && leased > most) {
    return broken(absl::StrCat(name, " has ", leased, " trials running, more than ", most));
  }
  if (open != sweep.trials_open || finished != sweep.trials_finished || failed != sweep.trials_failed) {
    return broken(absl::StrCat(name, ": its counts and its trials disagree"));
  }
  if (state.making.contains(sweep.record.id) != lacks_trials(sweep)) {
    return broken(absl::StrCat(name, ": nobody makes the trials that it lacks, or the reverse"));
  }
  if ((sweep.record.state == SweepState::kRunning) != (open > 0 || lacks_trials(sweep))) {
    return broken(absl::StrCat(name, ": ", open, " open trials do not fit its state"));
  }
  if (sweep.record.state == SweepState::kFinished && finished == 0 && failed == sweep.trials) {
    return broken(absl::StrCat(name, " is finished without a finished trial"));
  }
  if (state.open_sweeps.contains(sweep.record.id) == is_final(sweep.record.state)) {
    return broken(absl::StrCat(name, ": the index of open sweeps and its state disagree"));
  }
  if (is_final(sweep.record.state) && (sweep.record.paused || !sweep.actions.empty())) {
    return broken(absl::StrCat(name, " is paused after its end, or remembers what was asked of it"));
  }
  if (!is_final(sweep.record.state)) {
    if (absl::Status status = check_study(state, sweep); !status.ok()) return status;
  }
  const bool prepares = sweep.record.state == SweepState::kPreparing;
  const bool looks = sweep.preparation.state == AttemptState::kRunning;
  if (looks && !prepares) return broken(absl::StrCat(name, ": its data are looked at after that was done"));
  return check_work(state, key_of(sweep));
}

// What is leased to the worker by one request is one piece of work, or a group of trials that may be one.
absl::Status check_groups(const State& state, const WorkerEntry& worker) {
  std::map<std::pair<SweepId, RequestId>, int> families;
  for (const WorkKey& key : worker.holds) {
    const int family = grouping_of(state, key).family;
    const auto [group, is_first] =
        families.try_emplace({key.sweep, latest_lease(state, key).request}, family);
    if (!is_first && (family == 0 || group->second != family)) {
      return broken(
          absl::StrCat("work ", key.sweep.value, "/", key.number, " is in a group that is not its"));
    }
  }
  return absl::OkStatus();
}

absl::Status check_costs(const State& state) {
  std::map<std::pair<SweepId, int>, std::int64_t> left;
  for (const auto& [id, trial] : state.trials) {
    if (trial.lease && trial.lease->cost_left != 0)
      left[{trial.record.sweep, trial.family}] += trial.lease->cost_left;
  }
  for (const auto& [id, sweep] : state.sweeps) {
    for (const auto& [family, cost] : sweep.leased) {
      const auto found = left.find({id, family});
      if (cost != (found == left.end() ? 0 : found->second)) {
        return broken(
            absl::StrCat("sweep ", id.value, ": what is left to do of family ", family, " is not ", cost));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status check_parked(const State& state) {
  for (const auto& [place, parked] : state.parked) {
    const auto worker = state.workers.find(parked.worker);
    if (worker == state.workers.end()) return broken("somebody unknown waits for work");
    if (worker->second.record.draining) return broken("somebody who is to leave waits for work");
  }
  if (can_lease_now(state)) return broken("somebody waits for work while some is ready that suits");
  return absl::OkStatus();
}

}  // namespace

absl::Status check_invariants(const State& state) {
  std::size_t leases = 0;
  std::size_t queued = 0;
  std::int64_t trials = 0;
  for (const auto& [id, sweep] : state.sweeps) {
    if (absl::Status status = check_sweep(state, sweep); !status.ok()) return status;
    leases += sweep.lease ? 1 : 0;
    queued += state.queue.contains(key_of(sweep)) ? 1 : 0;
    trials += sweep.trials;
  }
  for (const SweepId id : state.open_sweeps) {
    if (!state.sweeps.contains(id)) return broken("a sweep is open that does not exist");
  }
  for (const SweepId id : state.making) {
    if (!state.sweeps.contains(id)) return broken("a sweep lacks trials that does not exist");
  }
  if (trials != static_cast<std::int64_t>(state.trials.size())) return broken("there are trials of no sweep");
  for (const auto& [id, trial] : state.trials) {
    if (absl::Status status = check_trial(state, trial); !status.ok()) return status;
    leases += trial.lease ? 1 : 0;
    queued += state.queue.contains(key_of(trial)) ? 1 : 0;
  }
  std::size_t held = 0;
  for (const auto& [id, worker] : state.workers) {
    held += worker.holds.size();
    if (absl::Status status = check_groups(state, worker); !status.ok()) return status;
  }
  if (absl::Status status = check_costs(state); !status.ok()) return status;
  if (leases != state.expiries.size() || leases != held) return broken("the indices of leases disagree");
  if (queued != state.queue.size()) return broken("something is queued that does not exist");
  return check_parked(state);
}

}  // namespace melsweep::core

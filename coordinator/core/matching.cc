#include "coordinator/core/matching.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/placement.h"
#include "coordinator/core/service_order.h"

namespace melsweep::core {
namespace {

// How many kinds of workers a message names.
constexpr std::size_t kKindsNamed = 3;

bool suits(const State& state, SweepId sweep, const WorkerId& worker) {
  return suits(state.sweeps.at(sweep), state.workers.at(worker));
}

// A worker that is there and will ask for work, now or later.
bool will_ask(const State& state, const WorkerEntry& worker, MonotonicTime now) {
  return !worker.record.draining && is_alive(state, worker, now);
}

bool suits_somebody_who_waits(const State& state, SweepId sweep) {
  return std::any_of(state.parked.begin(), state.parked.end(),
                     [&](const auto& parked) { return suits(state, sweep, parked.second.worker); });
}

bool may_go_out(const State& state, const WorkKey& key) {
  if (key.number != 0 && trials_free(state.sweeps.at(key.sweep)) == 0) return false;
  return suits_somebody_who_waits(state, key.sweep);
}

// Sweeps that were submitted together have one part of the workers.
SweepId submission_of(const SweepEntry& sweep) {
  const SweepId study = sweep.record.study.first;
  return study == SweepId{} ? sweep.record.id : study;
}

std::set<SweepId> submissions_held(const State& state, const WorkerEntry& worker) {
  std::set<SweepId> submissions;
  const std::set<WorkKey>& holds = worker.holds;
  for (auto at = holds.begin(); at != holds.end(); at = holds.lower_bound({{at->sweep.value + 1}, 0})) {
    submissions.insert(submission_of(state.sweeps.at(at->sweep)));
  }
  return submissions;
}

Claim claim_of(const State& state, const WorkKey& key, Crews& crews) {
  const SweepEntry& sweep = state.sweeps.at(key.sweep);
  Claim claim;
  claim.sweep = key.sweep;
  claim.looks_at_data = key.number == 0;
  claim.is_first = state.first_served <= key.sweep && key.sweep <= state.last_served;
  claim.priority = sweep.record.spec.priority;
  claim.workers = crews.working_for(sweep);
  return claim;
}

WorkerPlace place_of(const State& state, const WorkerId& worker) {
  return {worker, state.workers.at(worker).record.host};
}

PlacementQuestion question_of(const State& state, const TrialEntry& trial, MonotonicTime now) {
  PlacementQuestion question;
  const SweepEntry& sweep = state.sweeps.at(trial.record.sweep);
  for (const WorkerId& worker : trial.failed_on) question.failed_on.push_back(place_of(state, worker));
  for (const auto& [place, parked] : state.parked) {
    if (suits(sweep, state.workers.at(parked.worker)))
      question.asking.push_back(place_of(state, parked.worker));
  }
  for (const auto& [id, worker] : state.workers) {
    if (state.parked.find(id) == nullptr && will_ask(state, worker, now) && suits(sweep, worker)) {
      question.busy.push_back(place_of(state, id));
    }
  }
  return question;
}

}  // namespace

bool suits(const SweepEntry& sweep, const WorkerEntry& worker) {
  return suffices(worker.record.resources, sweep.record.spec.resources);
}

std::int64_t trials_free(const SweepEntry& sweep) {
  const int most = sweep.record.spec.max_parallel;
  if (most == 0) return std::numeric_limits<std::int64_t>::max();
  return std::max<std::int64_t>(most - sweep.trials_leased, 0);
}

const Crews::Crew& Crews::of(SweepId sweep) {
  const auto [found, is_new] = crews_.try_emplace(sweep);
  Crew& crew = found->second;
  if (!is_new) return crew;
  for (const auto& [id, worker] : state_.workers) {
    if (!will_ask(state_, worker, now_) || !suits(state_, sweep, id)) continue;
    const bool is_idle = worker.holds.empty() || state_.parked.find(id) != nullptr;
    ++(is_idle ? crew.idle : crew.busy);
  }
  return crew;
}

void Crews::count_working() {
  working_.emplace();
  for (const auto& [id, worker] : state_.workers) {
    for (const SweepId submission : submissions_held(state_, worker)) ++(*working_)[submission];
  }
}

std::int64_t Crews::working_for(const SweepEntry& sweep) {
  if (!working_) count_working();
  const auto found = working_->find(submission_of(sweep));
  return found == working_->end() ? 0 : found->second;
}

void Crews::note_start(const WorkerId& worker, const SweepEntry& sweep) {
  for (auto& [id, crew] : crews_) {
    if (!suits(state_, id, worker)) continue;
    crew.idle = std::max(crew.idle - 1, 0);
    ++crew.busy;
  }
  const SweepId submission = submission_of(sweep);
  if (working_ && !submissions_held(state_, state_.workers.at(worker)).contains(submission)) {
    ++(*working_)[submission];
  }
}

std::optional<WorkKey> next_work(const State& state, Crews& crews) {
  std::vector<WorkKey> ready = state.queue.next_of_each_sweep();
  std::erase_if(ready, [&](const WorkKey& key) { return !may_go_out(state, key); });
  if (ready.size() <= 1) return ready.empty() ? std::nullopt : std::optional(ready.front());
  return *std::min_element(ready.begin(), ready.end(), [&](const WorkKey& a, const WorkKey& b) {
    return goes_before(claim_of(state, a, crews), claim_of(state, b, crews));
  });
}

bool can_lease_now(const State& state) {
  if (state.parked.empty()) return false;
  const std::vector<WorkKey> ready = state.queue.next_of_each_sweep();
  return std::any_of(ready.begin(), ready.end(), [&](const WorkKey& key) { return may_go_out(state, key); });
}

std::optional<WorkerId> choose_worker(const State& state, const WorkKey& key, MonotonicTime now) {
  if (key.number == 0 || trial_at(state, key).failed_on.empty()) {
    const auto first = std::find_if(state.parked.begin(), state.parked.end(), [&](const auto& parked) {
      return suits(state, key.sweep, parked.second.worker);
    });
    return first->second.worker;
  }
  const PlacementQuestion question = question_of(state, trial_at(state, key), now);
  const std::optional<std::size_t> chosen = place(question);
  if (!chosen) return std::nullopt;
  return question.asking[*chosen].worker;
}

std::string unmet_request(const State& state, const SweepEntry& sweep, MonotonicTime now) {
  if (has_ended(sweep.record.state) || sweep.record.spec.resources == ResourceRequest{}) return "";
  std::map<std::string, int> kinds;
  for (const auto& [id, worker] : state.workers) {
    if (!is_alive(state, worker, now)) continue;
    if (suits(sweep, worker)) return "";
    ++kinds[describe(worker.record.resources)];
  }
  if (kinds.empty()) return "";
  std::vector<std::string> named;
  for (const auto& [kind, workers] : kinds) {
    if (named.size() == kKindsNamed) break;
    named.push_back(absl::StrCat(workers, workers == 1 ? " with " : " with each ", kind));
  }
  return absl::StrCat("it asks for ", describe(sweep.record.spec.resources), ", which no worker has; there ",
                      kinds.size() == 1 && kinds.begin()->second == 1 ? "is " : "are ",
                      absl::StrJoin(named, "; "), kinds.size() > named.size() ? "; and others" : "");
}

}  // namespace melsweep::core

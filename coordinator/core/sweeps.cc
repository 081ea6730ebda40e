#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/matching.h"
#include "coordinator/core/preparation.h"
#include "coordinator/core/studies.h"

namespace melsweep::core {

namespace {

// The newest one, as `last` and names do it.
std::optional<SweepId> find_unfinished(const State& state, const std::string& yaml) {
  const auto found = std::find_if(state.open_sweeps.rbegin(), state.open_sweeps.rend(),
                                  [&](SweepId id) { return state.sweeps.at(id).record.yaml == yaml; });
  if (found == state.open_sweeps.rend()) return std::nullopt;
  return *found;
}

std::vector<const SweepSpec*> specs_of(const SweepSubmitted& event) {
  std::vector<const SweepSpec*> specs = {&event.spec};
  for (const SweepSpec& follower : event.followers) specs.push_back(&follower);
  return specs;
}

absl::Status check_size(const State& state, const SweepSubmitted& event) {
  for (const SweepSpec* spec : specs_of(event)) {
    const std::int64_t trials = least_trials(*spec);
    if (trials <= state.options.max_trials) continue;
    return absl::InvalidArgumentError(absl::StrCat("the sweep would have ", trials, " trials; at most ",
                                                   state.options.max_trials,
                                                   " are allowed: give it fewer values or seeds"));
  }
  return absl::OkStatus();
}

// Those that the sweep takes from stand before it.
std::vector<TakingSource> sources_of(const SweepSpec& spec, const std::vector<const SweepSpec*>& study,
                                     SweepId first) {
  std::vector<TakingSource> sources;
  for (const Taking& taking : spec.takes) {
    const auto found = std::find_if(study.begin(), study.end(),
                                    [&](const SweepSpec* other) { return other->name == taking.sweep; });
    sources.push_back({{first.value + (found - study.begin())}});
  }
  return sources;
}

void add_sweep(State& state, SweepRecord record, const Now& now, Outbox& outbox) {
  SweepEntry sweep;
  sweep.record = std::move(record);
  sweep.preparation.sweep = sweep.record.id;
  outbox.writes.emplace_back(store::PutSweep{sweep.record});
  outbox.writes.emplace_back(store::PutPreparation{sweep.preparation});
  const WorkKey key = key_of(sweep);
  state.open_sweeps.insert(sweep.record.id);
  state.sweeps.emplace(sweep.record.id, std::move(sweep));
  enqueue(state, key, now.monotonic);
}

// The first one's number.
SweepId add_all(State& state, const SweepSubmitted& event, const Now& now, Outbox& outbox) {
  const SweepId first = {state.sweeps.empty() ? 1 : state.sweeps.rbegin()->first.value + 1};
  const std::vector<const SweepSpec*> study = specs_of(event);
  for (std::size_t i = 0; i < study.size(); ++i) {
    SweepRecord record;
    record.id = {first.value + static_cast<std::int64_t>(i)};
    record.spec = *study[i];
    record.yaml = event.yaml;
    if (i == 0) record.request = event.request;
    record.created_ms = now.wall.time_since_epoch().count();
    if (study.size() > 1) record.study = {event.study, first, sources_of(*study[i], study, first)};
    if (!study[i]->takes.empty()) record.state = SweepState::kWaiting;
    add_sweep(state, std::move(record), now, outbox);
  }
  return first;
}

void answer(State& state, const SweepSubmitted& event, SweepId first, const Now& now, Outbox& outbox) {
  Submitted submitted{submitted_with(state, first)};
  for (const SweepId id : submitted.sweeps) {
    const SweepEntry& sweep = state.sweeps.at(id);
    const std::string unmet = unmet_request(state, sweep, now.monotonic);
    if (unmet.empty()) continue;
    submitted.warnings.push_back(
        absl::StrCat("sweep ", id.value, " (", sweep.record.spec.name, "): ", unmet));
  }
  if (event.serve_first) {
    state.first_served = submitted.sweeps.front();
    state.last_served = submitted.sweeps.back();
  }
  outbox.answer(event.token, std::move(submitted));
}

}  // namespace

Outbox on_sweep_submitted(State& state, const SweepSubmitted& event, const Now& now) {
  Outbox outbox;
  if (const auto known = state.submissions.find(event.request); known != state.submissions.end()) {
    outbox.answer(event.token, Submitted{submitted_with(state, known->second)});
    return outbox;
  }
  if (event.continue_unfinished) {
    if (const std::optional<SweepId> unfinished = find_unfinished(state, event.yaml)) {
      // Repeated after the sweep has ended, the request must not make another.
      state.submissions.emplace(event.request, *unfinished);
      answer(state, event, *unfinished, now, outbox);
      return outbox;
    }
  }
  if (const absl::Status status = check_size(state, event); !status.ok()) {
    outbox.refuse(event.token, status);
    return outbox;
  }
  const SweepId first = add_all(state, event, now, outbox);
  state.submissions.emplace(event.request, first);
  answer(state, event, first, now, outbox);
  serve(state, now, outbox);
  return outbox;
}

}  // namespace melsweep::core

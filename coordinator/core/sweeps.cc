#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/machine.h"
#include "coordinator/core/preparation.h"

namespace melsweep::core {

namespace {

// The newest one, as `last` and names do it.
std::optional<SweepId> find_unfinished(const State& state, const std::string& yaml) {
  const auto found = std::find_if(state.open_sweeps.rbegin(), state.open_sweeps.rend(),
                                  [&](SweepId id) { return state.sweeps.at(id).record.yaml == yaml; });
  if (found == state.open_sweeps.rend()) return std::nullopt;
  return *found;
}

}  // namespace

Outbox on_sweep_submitted(State& state, const SweepSubmitted& event, const Now& now) {
  Outbox outbox;
  if (const auto known = state.submissions.find(event.request); known != state.submissions.end()) {
    outbox.answer(event.token, Submitted{known->second});
    return outbox;
  }
  if (event.continue_unfinished) {
    if (const std::optional<SweepId> unfinished = find_unfinished(state, event.yaml)) {
      // Repeated after the sweep has ended, the request must not make another.
      state.submissions.emplace(event.request, *unfinished);
      if (event.serve_first) state.queue.serve_first(*unfinished);
      outbox.answer(event.token, Submitted{*unfinished});
      return outbox;
    }
  }
  if (const std::int64_t trials = least_trials(event.spec); trials > state.options.max_trials) {
    const auto error = absl::StrCat("the sweep would have ", trials, " trials; at most ",
                                    state.options.max_trials, " are allowed: give it fewer values or seeds");
    outbox.refuse(event.token, absl::InvalidArgumentError(error));
    return outbox;
  }
  SweepEntry sweep;
  sweep.record.id = {state.sweeps.empty() ? 1 : state.sweeps.rbegin()->first.value + 1};
  sweep.record.spec = event.spec;
  sweep.record.yaml = event.yaml;
  sweep.record.request = event.request;
  sweep.record.created_ms = now.wall.time_since_epoch().count();
  sweep.preparation.sweep = sweep.record.id;
  outbox.writes.emplace_back(store::PutSweep{sweep.record});
  outbox.writes.emplace_back(store::PutPreparation{sweep.preparation});
  outbox.answer(event.token, Submitted{sweep.record.id});
  state.submissions.emplace(event.request, sweep.record.id);
  state.open_sweeps.insert(sweep.record.id);
  if (event.serve_first) state.queue.serve_first(sweep.record.id);
  state.queue.add(key_of(sweep), now.monotonic);
  state.sweeps.emplace(sweep.record.id, std::move(sweep));
  serve(state, now, outbox);
  return outbox;
}

}  // namespace melsweep::core

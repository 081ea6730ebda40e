// What people do to sweeps that have not ended.
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "coordinator/core/assigning.h"
#include "coordinator/core/endings.h"
#include "coordinator/core/leases.h"
#include "coordinator/core/life_cycle.h"
#include "coordinator/core/machine.h"

namespace melsweep::core {
namespace {

struct Asked {
  Token token;
  RequestId request;
  SweepId sweep;
  SweepAction action;
};

void answer_after_the_end(const Asked& asked, const SweepRecord& sweep, Outbox& outbox) {
  if (asked.action == SweepAction::kCancel && sweep.state == SweepState::kCancelled) {
    outbox.answer(asked.token, Done{});
  } else {
    outbox.refuse(asked.token, absl::FailedPreconditionError(
                                   absl::StrCat("the sweep ", sweep.id.value, " has ended already")));
  }
}

// Answers, and records what is new. Then the sweep is to be changed; nothing where it is not.
SweepEntry* take_on(State& state, const Asked& asked, const Now& now, Outbox& outbox) {
  const auto found = state.sweeps.find(asked.sweep);
  if (found == state.sweeps.end()) {
    outbox.refuse(asked.token, absl::NotFoundError(absl::StrCat("there is no sweep ", asked.sweep.value)));
    return nullptr;
  }
  SweepEntry& sweep = found->second;
  if (is_final(sweep.record.state)) {
    answer_after_the_end(asked, sweep.record, outbox);
    return nullptr;
  }
  if (!asked.request.value.empty()) {
    const auto [known, is_new] = sweep.actions.emplace(asked.request, asked.action);
    if (!is_new && known->second != asked.action) {
      outbox.refuse(asked.token,
                    absl::InvalidArgumentError(absl::StrCat("the request ", asked.request.value,
                                                            " asked for something else before")));
      return nullptr;
    }
    if (!is_new) {
      outbox.answer(asked.token, Done{});
      return nullptr;
    }
    outbox.writes.emplace_back(store::PutSweepAction{
        {asked.sweep, asked.action, asked.request, now.wall.time_since_epoch().count()}});
  }
  outbox.answer(asked.token, Done{});
  return &sweep;
}

void pause(State& state, SweepEntry& sweep, Outbox& outbox) {
  sweep.record.paused = true;
  outbox.writes.emplace_back(store::PutSweepPaused{sweep.record});
  // The preparation, and every trial.
  for (std::int64_t number = 0; number <= sweep.trials; ++number)
    state.queue.remove({sweep.record.id, number});
}

void resume(State& state, SweepEntry& sweep, const Now& now, Outbox& outbox) {
  sweep.record.paused = false;
  outbox.writes.emplace_back(store::PutSweepPaused{sweep.record});
  for (std::int64_t number = 0; number <= sweep.trials; ++number)
    enqueue(state, {sweep.record.id, number}, now.monotonic);
}

}  // namespace

Outbox on_sweep_paused(State& state, const SweepPaused& event, const Now& now) {
  Outbox outbox;
  const Asked asked{event.token, event.request, event.sweep, SweepAction::kPause};
  SweepEntry* sweep = take_on(state, asked, now, outbox);
  if (sweep != nullptr && !sweep->record.paused) pause(state, *sweep, outbox);
  serve(state, now, outbox);
  return outbox;
}

Outbox on_sweep_resumed(State& state, const SweepResumed& event, const Now& now) {
  Outbox outbox;
  const Asked asked{event.token, event.request, event.sweep, SweepAction::kResume};
  SweepEntry* sweep = take_on(state, asked, now, outbox);
  if (sweep != nullptr && sweep->record.paused) resume(state, *sweep, now, outbox);
  serve(state, now, outbox);
  return outbox;
}

Outbox on_sweep_cancelled(State& state, const SweepCancelled& event, const Now& now) {
  Outbox outbox;
  const Asked asked{event.token, event.request, event.sweep, SweepAction::kCancel};
  if (SweepEntry* sweep = take_on(state, asked, now, outbox)) cancel_sweep(state, *sweep, now, outbox);
  serve(state, now, outbox);
  return outbox;
}

}  // namespace melsweep::core

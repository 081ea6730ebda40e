#include "coordinator/core/life_cycle.h"

#include <cassert>

namespace melsweep::core {

bool may_become(SweepState from, SweepState to) {
  switch (from) {
    case SweepState::kWaiting:
      return to == SweepState::kPreparing || to == SweepState::kFailed || to == SweepState::kCancelled;
    case SweepState::kPreparing:
      return to == SweepState::kRunning || to == SweepState::kFailed || to == SweepState::kCancelled;
    case SweepState::kRunning:
      return to == SweepState::kFinished || to == SweepState::kFailed || to == SweepState::kCancelled;
    case SweepState::kFinished:
    case SweepState::kFailed:
    case SweepState::kCancelled:
      return false;
  }
  return false;
}

bool may_become(TrialState from, TrialState to) {
  switch (from) {
    case TrialState::kPending:
      return to == TrialState::kRunning || to == TrialState::kCancelled;
    case TrialState::kRunning:
      return to != TrialState::kRunning;
    case TrialState::kFinished:
    case TrialState::kFailed:
    case TrialState::kCancelled:
      return false;
  }
  return false;
}

bool may_become(AttemptState from, AttemptState to) {
  return from == AttemptState::kRunning && to != AttemptState::kRunning;
}

void advance(SweepState& state, SweepState to) {
  assert(may_become(state, to));
  state = to;
}

void advance(TrialState& state, TrialState to) {
  assert(may_become(state, to));
  state = to;
}

void advance(AttemptState& state, AttemptState to) {
  assert(may_become(state, to));
  state = to;
}

bool is_final(SweepState state) {
  return has_ended(state);
}

bool is_final(TrialState state) {
  return state != TrialState::kPending && state != TrialState::kRunning;
}

}  // namespace melsweep::core

// The three life cycles. Each state is changed by its advance() and nowhere else.
#pragma once

#include "shared/model/sweep.h"
#include "shared/model/trial.h"

namespace melsweep::core {

//   kWaiting --has taken what it waited for--> kPreparing
//       |
//       +--there is nothing to take, or it is impossible---------> kFailed
//       +--cancelled---------------------------------------------> kCancelled
//   kPreparing --data set known--> kRunning --every trial ended--> kFinished
//       |                             |
//       |                             +-----every trial failed---> kFailed
//       +--the data cannot be used-------------------------------> kFailed
//       +--cancelled------------------+--------------------------> kCancelled
bool may_become(SweepState from, SweepState to);

//   kPending --leased--> kRunning --completed-----------------------------------------> kFinished
//      ^ |                  | | +---failed for good, or once too often----------------> kFailed
//      | |                  | +-----sweep cancelled-----------------------------------> kCancelled
//      | +------------------|-------sweep cancelled-----------------------------------> kCancelled
//      +--lost, failed or released: to be tried again
bool may_become(TrialState from, TrialState to);

//   kRunning --> kFinished | kFailed | kLost | kReleased | kCancelled, each of which is final
bool may_become(AttemptState from, AttemptState to);

// Changes the state. The change must be a legal one.
void advance(SweepState& state, SweepState to);
void advance(TrialState& state, TrialState to);
void advance(AttemptState& state, AttemptState to);

bool is_final(SweepState state);
bool is_final(TrialState state);

}  // namespace melsweep::core

#include "coordinator/core/life_cycle.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace melsweep::core {
namespace {

// Every pair that is not in `legal` must be refused.
template <class Kind>
void expect_exactly(const std::vector<Kind>& states, const std::set<std::pair<Kind, Kind>>& legal) {
  for (const Kind from : states) {
    for (const Kind to : states) {
      EXPECT_EQ(may_become(from, to), legal.contains({from, to}))
          << static_cast<int>(from) << " -> " << static_cast<int>(to);
    }
  }
}

TEST(LifeCycle, OfSweepsHasTheseTransitionsAndNoOthers) {
  using enum SweepState;
  expect_exactly<SweepState>({kWaiting, kPreparing, kRunning, kFinished, kFailed, kCancelled},
                             {{kWaiting, kPreparing},
                              {kWaiting, kFailed},
                              {kWaiting, kCancelled},
                              {kPreparing, kRunning},
                              {kPreparing, kFailed},
                              {kPreparing, kCancelled},
                              {kRunning, kFinished},
                              {kRunning, kFailed},
                              {kRunning, kCancelled}});
}

TEST(LifeCycle, OfTrialsHasTheseTransitionsAndNoOthers) {
  using enum TrialState;
  expect_exactly<TrialState>({kPending, kRunning, kFinished, kFailed, kCancelled}, {{kPending, kRunning},
                                                                                    {kPending, kCancelled},
                                                                                    {kRunning, kPending},
                                                                                    {kRunning, kFinished},
                                                                                    {kRunning, kFailed},
                                                                                    {kRunning, kCancelled}});
}

TEST(LifeCycle, OfAttemptsHasTheseTransitionsAndNoOthers) {
  using enum AttemptState;
  expect_exactly<AttemptState>({kRunning, kFinished, kFailed, kLost, kReleased, kCancelled},
                               {{kRunning, kFinished},
                                {kRunning, kFailed},
                                {kRunning, kLost},
                                {kRunning, kReleased},
                                {kRunning, kCancelled}});
}

TEST(LifeCycle, AdvanceChangesTheState) {
  TrialState trial = TrialState::kPending;
  advance(trial, TrialState::kRunning);
  EXPECT_EQ(trial, TrialState::kRunning);
}

TEST(LifeCycleDeathTest, AdvanceDiesOfAnIllegalTransition) {
  SweepState sweep = SweepState::kFinished;
  EXPECT_DEATH(advance(sweep, SweepState::kRunning), "may_become");
  TrialState trial = TrialState::kPending;
  EXPECT_DEATH(advance(trial, TrialState::kFinished), "may_become");
  AttemptState attempt = AttemptState::kLost;
  EXPECT_DEATH(advance(attempt, AttemptState::kFinished), "may_become");
}

}  // namespace
}  // namespace melsweep::core

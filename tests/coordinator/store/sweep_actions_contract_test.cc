// What both stores promise of pausing and of the requests that were carried out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/store/sample_records.h"
#include "tests/coordinator/store/store_contract.h"

namespace melsweep::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SweepActionsContract : public StoreContract {
 protected:
  void SetUp() override { commit_ok({PutSweep{sample_sweep(1)}, PutSweep{sample_sweep(2)}}); }
};

SweepActionRecord action_on(std::int64_t sweep, SweepAction action, const std::string& request) {
  return {SweepId{sweep}, action, {request}, 1'760'000'003'000};
}

SweepRecord paused(SweepRecord sweep) {
  sweep.paused = true;
  return sweep;
}

TEST_P(SweepActionsContract, ComeBackAsTheyCame) {
  const SweepActionRecord pause = action_on(2, SweepAction::kPause, "z");
  const SweepActionRecord resume = action_on(1, SweepAction::kResume, "a");
  commit_ok({PutSweepAction{pause}});
  commit_ok({PutSweepAction{resume}});
  EXPECT_THAT(load().actions, ElementsAre(pause, resume));
}

TEST_P(SweepActionsContract, OfASweepThatHasEndedDoNotComeBack) {
  SweepRecord cancelled = sample_sweep(1);
  cancelled.state = SweepState::kCancelled;
  const SweepActionRecord other = action_on(2, SweepAction::kPause, "r");
  commit_ok(
      {PutSweepAction{action_on(1, SweepAction::kCancel, "r")}, PutSweepAction{other}, PutSweep{cancelled}});
  EXPECT_THAT(load().actions, ElementsAre(other));
}

TEST_P(SweepActionsContract, AreRecordedOnceForEachRequestOfASweep) {
  commit_ok({PutSweepAction{action_on(1, SweepAction::kPause, "r")}});
  EXPECT_EQ(commit({PutSweepAction{action_on(1, SweepAction::kResume, "r")}}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(load().actions.size(), 1U);
}

TEST_P(SweepActionsContract, WithoutASweepOrARequestAreRefused) {
  EXPECT_EQ(commit({PutSweepAction{action_on(9, SweepAction::kPause, "r")}}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(commit({PutSweepAction{action_on(1, SweepAction::kPause, "")}}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(load().actions, IsEmpty());
}

TEST_P(SweepActionsContract, PausingChangesNothingElseOfTheSweep) {
  SweepRecord other_yaml = paused(sample_sweep(1));
  other_yaml.yaml = "another";
  commit_ok({PutSweepPaused{other_yaml}});
  EXPECT_THAT(load().sweeps, ElementsAre(paused(sample_sweep(1)), sample_sweep(2)));
  commit_ok({PutSweepPaused{sample_sweep(1)}});
  EXPECT_THAT(load().sweeps, ElementsAre(sample_sweep(1), sample_sweep(2)));
}

TEST_P(SweepActionsContract, PausingASweepThatIsNotThereIsRefused) {
  EXPECT_EQ(commit({PutSweepPaused{sample_sweep(9)}}).code(), absl::StatusCode::kFailedPrecondition);
}

INSTANTIATE_TEST_SUITE_P(Stores, SweepActionsContract, kEveryStore, name_of_store);

}  // namespace
}  // namespace melsweep::store

#include "coordinator/core/checkpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CheckpointReport at_step(std::int64_t step) {
  return {{step, "/artifacts/step-" + std::to_string(step), "hash-" + std::to_string(step)}};
}

class Checkpoints : public testing::Test {
 protected:
  void SetUp() override {
    sweep_ = coordinator_.running_sweep(sweep_of(1));
    coordinator_.add_worker(kBert);
  }

  std::vector<CheckpointRef> offered(const WorkerId& worker) {
    const std::optional<Assignment> assignment = coordinator_.lease(worker);
    if (!assignment) return {};
    return std::get<TrialAssignment>(*assignment).checkpoints;
  }

  ArtifactName artifact(const AttemptRef& attempt, std::int64_t step) const {
    return {sweep_, attempt, step};
  }

  Coordinator coordinator_;
  SweepId sweep_;
};

TEST_F(Checkpoints, TheNewestTwoAreOfferedToTheNextAttempt) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  for (const std::int64_t step : {10, 20, 30}) coordinator_.report(kAnna, first, at_step(step));
  EXPECT_THAT(coordinator_.last_obsolete(), ElementsAre(artifact(first, 10)));
  coordinator_.report(kAnna, first, ReleasedReport{});
  EXPECT_THAT(coordinator_.last_obsolete(), IsEmpty());
  EXPECT_THAT(offered(kBert), ElementsAre(CheckpointRef{1, 30, "hash-30"}, CheckpointRef{1, 20, "hash-20"}));
}

TEST_F(Checkpoints, OutliveARestartAndALostWorker) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, at_step(10));
  coordinator_.restart();
  coordinator_.pass_until_lease_is_lost();
  coordinator_.pass(coordinator_.state().options.retry_delay);
  EXPECT_THAT(offered(kBert), ElementsAre(CheckpointRef{1, 10, "hash-10"}));
}

TEST_F(Checkpoints, AreNotOfferedOnceTheyCameLateOrTwice) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  for (const std::int64_t step : {10, 20, 10, 20}) coordinator_.report(kAnna, first, at_step(step));
  EXPECT_TRUE(coordinator_.last_writes().empty());
  EXPECT_EQ(coordinator_.state().trials.at(first.trial).checkpoints.size(), 2);
}

TEST_F(Checkpoints, OfALaterAttemptCountAsNewerWhateverTheirStep) {
  coordinator_.report(kAnna, coordinator_.lease_trial(kAnna), at_step(100));
  coordinator_.pass_until_lease_is_lost();
  coordinator_.pass(coordinator_.state().options.retry_delay);
  const AttemptRef second = coordinator_.lease_trial(kBert);
  coordinator_.report(kBert, second, at_step(10));
  coordinator_.report(kBert, second, ReleasedReport{});
  EXPECT_THAT(offered(kBert),
              ElementsAre(CheckpointRef{2, 10, "hash-10"}, CheckpointRef{1, 100, "hash-100"}));
}

TEST_F(Checkpoints, AResumedAttemptInheritsWhatWasMeasuredBefore) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  for (const std::int64_t step : {50, 100}) coordinator_.report(kAnna, first, accuracy(step, 0.1));
  coordinator_.report(kAnna, first, at_step(100));
  coordinator_.report(kAnna, first, ReleasedReport{});
  const AttemptRef second = coordinator_.lease_trial(kBert);
  coordinator_.report(kBert, second, ResumedReport{{1, 100}});
  coordinator_.report(kBert, second, ResumedReport{{1, 100}});
  EXPECT_TRUE(coordinator_.last_writes().empty()) << "repeated";
  EXPECT_EQ(coordinator_.store().metrics(second).size(), 2) << "both metrics at step 50";
  const auto& attempt = coordinator_.state().trials.at(second.trial).attempt;
  EXPECT_EQ(attempt->resumed_from, (ResumePoint{1, 100}));
}

// Else an attempt could finish with an objective that it never measured.
TEST_F(Checkpoints, AnInheritedObjectiveDoesNotCompleteAnAttempt) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, accuracy(50, 0.1));
  coordinator_.report(kAnna, first, at_step(100));
  coordinator_.report(kAnna, first, ReleasedReport{});
  const AttemptRef second = coordinator_.lease_trial(kBert);
  coordinator_.report(kBert, second, ResumedReport{{1, 100}});
  coordinator_.report(kBert, second, completed(100));
  EXPECT_EQ(coordinator_.trial(second).state, TrialState::kFailed);
}

TEST_F(Checkpoints, AnAttemptCannotGoOnFromWhatIsNoCheckpoint) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  EXPECT_EQ(coordinator_.refused_report(kAnna, first, ResumedReport{{1, 100}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(coordinator_.last_writes().empty());
}

TEST_F(Checkpoints, OfAFinishedTrialGoAllButItsResult) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  for (const std::int64_t step : {50, 100}) coordinator_.report(kAnna, first, at_step(step));
  coordinator_.complete(kAnna, first, 0.5);
  EXPECT_THAT(coordinator_.last_obsolete(), ElementsAre(artifact(first, 50)));
  EXPECT_TRUE(coordinator_.store().load()->checkpoints.empty());
}

TEST_F(Checkpoints, OfAFailedTrialGoAll) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, at_step(50));
  coordinator_.report(kAnna, first, Failure{FailureKind::kBadConfiguration, "diverged"});
  EXPECT_THAT(coordinator_.last_obsolete(), ElementsAre(artifact(first, 50)));
  EXPECT_TRUE(coordinator_.store().load()->checkpoints.empty());
}

TEST_F(Checkpoints, OfACancelledSweepGoAll) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, at_step(50));
  coordinator_.ask<Done>(SweepCancelled{{}, sweep_});
  EXPECT_THAT(coordinator_.last_obsolete(), ElementsAre(artifact(first, 50)));
  EXPECT_TRUE(coordinator_.store().load()->checkpoints.empty());
}

TEST_F(Checkpoints, AResultThatIsNotTakenLeavesNoFile) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, completed(100));  // and never an objective
  EXPECT_THAT(coordinator_.last_leftovers(), ElementsAre(Leftovers{sweep_, first, {}}));
}

// What a worker stored, and died before it could say so, is no use to anybody.
TEST_F(Checkpoints, OfALostAttemptNothingStaysThatWasNeverReported) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, at_step(50));
  coordinator_.pass_until_lease_is_lost();
  EXPECT_THAT(coordinator_.last_leftovers(), ElementsAre(Leftovers{sweep_, first, {artifact(first, 50)}}));
}

TEST_F(Checkpoints, OfAFinishedTrialNothingStaysButItsResult) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, at_step(50));
  coordinator_.complete(kAnna, first, 0.5);
  EXPECT_THAT(coordinator_.last_leftovers(), ElementsAre(Leftovers{sweep_, first, {artifact(first, 100)}}));
}

TEST_F(Checkpoints, WhyAnAttemptWasGivenBackIsKept) {
  const AttemptRef first = coordinator_.lease_trial(kAnna);
  coordinator_.report(kAnna, first, ReleasedReport{ReleaseReason::kTimeLimit});
  EXPECT_EQ(coordinator_.store().load()->attempts.front().release_reason, ReleaseReason::kTimeLimit);
}

}  // namespace
}  // namespace melsweep::core

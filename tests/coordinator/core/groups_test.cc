// Trials that go out together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "coordinator/core/grouping.h"
#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Groups : public testing::Test {
 protected:
  std::vector<Assignment> lease(const WorkerId& worker, int max_trials, const std::string& request) {
    return coordinator_.ask<Leased>(LeaseRequested{{}, worker, {request}, {}, max_trials}).assignments;
  }
  std::vector<Assignment> lease(const WorkerId& worker, int max_trials) {
    return lease(worker, max_trials, "group-" + std::to_string(++requests_));
  }

  static std::vector<AttemptRef> attempts(const std::vector<Assignment>& assignments) {
    std::vector<AttemptRef> attempts;
    for (const Assignment& assignment : assignments)
      attempts.push_back(std::get<AttemptRef>(work_of(assignment)));
    return attempts;
  }

  static std::vector<std::int64_t> trials(const std::vector<Assignment>& assignments) {
    std::vector<std::int64_t> ids;
    for (const AttemptRef& attempt : attempts(assignments)) ids.push_back(attempt.trial.value);
    return ids;
  }

  Coordinator coordinator_;
  int requests_ = 0;
};

TEST_F(Groups, AreAsLargeAsTheWorkerWantsThem) {
  coordinator_.running_sweep(sweep_of(5));
  EXPECT_THAT(trials(lease(kAnna, 3)), ElementsAre(1, 2, 3));
}

TEST_F(Groups, AreNoneForAWorkerThatAsksForOne) {
  coordinator_.running_sweep(sweep_of(5));
  EXPECT_THAT(trials(lease(kAnna, 1)), ElementsAre(1));
  EXPECT_THAT(trials(lease(kAnna, 0)), ElementsAre(1)) << "as one";
}

TEST_F(Groups, AreNoLargerThanOneMessageCarries) {
  Options options;
  options.max_group = 2;
  coordinator_ = Coordinator(options);
  coordinator_.running_sweep(sweep_of(5));
  EXPECT_THAT(trials(lease(kAnna, 1'000'000)), ElementsAre(1, 2));
}

TEST_F(Groups, LeaveTheirPartToTheOtherWorkers) {
  coordinator_.running_sweep(sweep_of(9));
  coordinator_.add_worker(kBert);
  EXPECT_THAT(trials(lease(kAnna, 100)), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(trials(lease(kBert, 100)), ElementsAre(6, 7, 8, 9));
}

TEST_F(Groups, LeaveNothingToAWorkerThatIsGoneOrToLeave) {
  coordinator_.running_sweep(sweep_of(4));
  coordinator_.add_worker(kBert);
  coordinator_.drain(kBert);
  EXPECT_THAT(lease(kAnna, 100), SizeIs(4));
}

TEST_F(Groups, LeaveSomethingToAWorkerThatIsAboutToComeBack) {
  coordinator_.running_sweep(sweep_of(8));
  coordinator_.add_worker(kBert);
  const std::vector<Assignment> annas = lease(kAnna, 4);
  ASSERT_THAT(annas, SizeIs(4));
  for (const AttemptRef& attempt : attempts(annas)) {
    coordinator_.beat(kAnna, {{attempt, {"training", 1000, 1000}}});
  }
  EXPECT_THAT(lease(kBert, 100), SizeIs(2)) << "anna can soon take the other half";
}

TEST_F(Groups, TakeAllThatIsReadyWhereTheOthersHaveTheirPart) {
  coordinator_.running_sweep(sweep_of(8));
  coordinator_.add_worker(kBert);
  ASSERT_THAT(lease(kAnna, 4), SizeIs(4));
  EXPECT_THAT(lease(kBert, 100), SizeIs(4)) << "anna has her half";
}

TEST_F(Groups, AreOfOneFamily) {
  SweepSpec spec = sweep_of(2);
  spec.parameters.push_back({"n_mels", "features.n_mels", {std::int64_t{64}, std::int64_t{128}}});
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(lease(kAnna, 100)), ElementsAre(1, 3));
}

TEST_F(Groups, PreferTrialsThatShareTheirMinibatches) {
  SweepSpec spec = sweep_of(2);
  spec.seeds = 2;
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(lease(kAnna, 3)), ElementsAre(1, 3, 2)) << "seed 0, seed 0, seed 1";
}

TEST_F(Groups, AreOfNeighboursWhereSharedMinibatchesSaveNothing) {
  SweepSpec spec = sweep_of(2);
  spec.seeds = 2;
  spec.base.training.batch_size = 10;
  spec.base.training.steps = kCostWorthSharing / 10;
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(lease(kAnna, 3)), ElementsAre(1, 3, 2)) << "seed 0, seed 0, seed 1";
  coordinator_ = Coordinator(Options{});
  --spec.base.training.steps;
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(lease(kAnna, 3)), ElementsAre(1, 2, 3)) << "seed 0, seed 1, seed 0";
}

TEST_F(Groups, HaveNoTrialThatTrainsMoreThanTheHead) {
  SweepSpec spec = sweep_of(3);
  spec.base.model.trainable = {TrainableKind::kAll, 0};
  coordinator_.running_sweep(spec);
  EXPECT_THAT(trials(lease(kAnna, 100)), ElementsAre(1));
}

TEST_F(Groups, AreAnsweredAlikeWhenTheyAreAskedForAgain) {
  coordinator_.running_sweep(sweep_of(3));
  const std::vector<Assignment> first = lease(kAnna, 3, "r");
  EXPECT_EQ(lease(kAnna, 3, "r"), first);
  coordinator_.complete(kAnna, attempts(first)[1], 0.5);
  EXPECT_THAT(trials(lease(kAnna, 3, "r")), ElementsAre(1, 3)) << "what is still held";
  coordinator_.restart();
  EXPECT_THAT(trials(lease(kAnna, 3, "r")), ElementsAre(1, 3));
}

TEST_F(Groups, HaveALeaseForEachOfTheirMembers) {
  coordinator_.running_sweep(sweep_of(2));
  const std::vector<AttemptRef> group = attempts(lease(kAnna, 2));
  coordinator_.pass(coordinator_.state().options.lease_ttl);
  coordinator_.beat(kAnna, {{group[1], {}}});
  coordinator_.pass(coordinator_.state().options.lease_grace);
  EXPECT_EQ(coordinator_.trial(group[0]).state, TrialState::kPending);
  EXPECT_EQ(coordinator_.trial(group[1]).state, TrialState::kRunning);
}

TEST_F(Groups, LoseAMemberWithoutTheOthers) {
  coordinator_.running_sweep(sweep_of(3));
  const std::vector<AttemptRef> group = attempts(lease(kAnna, 3));
  coordinator_.report(kAnna, group[0], Failure{FailureKind::kBadConfiguration, "diverged"});
  coordinator_.complete(kAnna, group[1], 0.5);
  EXPECT_EQ(coordinator_.trial(group[0]).state, TrialState::kFailed);
  EXPECT_EQ(coordinator_.trial(group[1]).state, TrialState::kFinished);
  EXPECT_EQ(coordinator_.trial(group[2]).state, TrialState::kRunning);
}

TEST_F(Groups, ThatTookTheirTrainerAlongComeAgainOneByOneAndWithoutACountedAttempt) {
  coordinator_.running_sweep(sweep_of(2));
  for (const AttemptRef& attempt : attempts(lease(kAnna, 2))) {
    coordinator_.report(kAnna, attempt, ReleasedReport{ReleaseReason::kGroupDied});
    EXPECT_EQ(coordinator_.trial(attempt).failed_attempts, 0);
  }
  coordinator_.restart();
  const std::vector<AttemptRef> alone = attempts(lease(kAnna, 2));
  EXPECT_THAT(alone, ElementsAre(AttemptRef{{1}, 2}));
  // A worker that goes on to blame a group that there is none of does not get its trial for ever.
  coordinator_.report(kAnna, alone[0], ReleasedReport{ReleaseReason::kGroupDied});
  EXPECT_EQ(coordinator_.trial(alone[0]).failed_attempts, 1);
}

TEST_F(Groups, HaveNoTrialThatFailedBefore) {
  coordinator_.running_sweep(sweep_of(3));
  const std::vector<AttemptRef> group = attempts(lease(kAnna, 2));
  coordinator_.report(kAnna, group[0], Failure{FailureKind::kOutOfMemory, "no memory"});
  coordinator_.report(kAnna, group[1], ReleasedReport{ReleaseReason::kDrained});
  coordinator_.pass(coordinator_.state().options.max_retry_delay);
  EXPECT_THAT(trials(lease(kAnna, 100)), ElementsAre(1));
  EXPECT_THAT(trials(lease(kAnna, 100, "again")), ElementsAre(1)) << "the first was not spoken of";
  coordinator_.heartbeat(kAnna, AttemptRef{{1}, 3});
  EXPECT_THAT(trials(lease(kAnna, 100)), ElementsAre(2, 3));
}

TEST_F(Groups, ThatNeverArrivedAreGivenBackWhole) {
  coordinator_.running_sweep(sweep_of(3));
  ASSERT_THAT(lease(kAnna, 3), SizeIs(3));
  const std::vector<AttemptRef> again = attempts(lease(kAnna, 3));
  EXPECT_THAT(again, ElementsAre(AttemptRef{{1}, 2}, AttemptRef{{2}, 2}, AttemptRef{{3}, 2}));
}

TEST_F(Groups, OfAPausedSweepAreAskedBackAndGoOutAgain) {
  const SweepId sweep = coordinator_.running_sweep(sweep_of(2));
  const std::vector<AttemptRef> group = attempts(lease(kAnna, 2));
  coordinator_.pause(sweep, "p");
  EXPECT_THAT(coordinator_.beat(kAnna, {{group[0], {}}, {group[1], {}}}).give_back, SizeIs(2));
  for (const AttemptRef& attempt : group)
    coordinator_.report(kAnna, attempt, ReleasedReport{ReleaseReason::kPaused});
  EXPECT_THAT(lease(kAnna, 2), IsEmpty());
  coordinator_.resume(sweep, "r");
  EXPECT_THAT(lease(kAnna, 2), SizeIs(2));
}

}  // namespace
}  // namespace melsweep::core

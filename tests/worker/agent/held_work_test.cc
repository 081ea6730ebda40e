#include "worker/agent/held_work.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/worker/agent/agent_under_test.h"

namespace melsweep::agent {
namespace {

const MonotonicTime kGivenAt{seconds(1000)};

class HeldWorkTest : public testing::Test {
 protected:
  HeldWork held(const Assignment& assignment) {
    return {assignment, {kGivenAt + kTtl, kTtl}, "/data/attempt", {transfer_, {}, random_}};
  }

  static TrialAssignment trial(std::int64_t id) {
    TrialAssignment assignment;
    assignment.epoch = 1;
    assignment.plan.id = TrialId{id};
    return assignment;
  }

 private:
  FakeTransfer transfer_;
  std::mt19937_64 random_;
};

TEST_F(HeldWorkTest, ALeaseIsKeptFromWhenItWasAskedForAndNeverShortened) {
  HeldWork work = held(trial(1));
  work.keep_lease(kGivenAt + seconds(3), kTtl);
  EXPECT_EQ(work.lease_until(), kGivenAt + seconds(3) + kTtl);
  work.keep_lease(kGivenAt + seconds(1), kTtl);
  EXPECT_EQ(work.lease_until(), kGivenAt + seconds(3) + kTtl);
}

TEST_F(HeldWorkTest, MayNotBeginOnceItsLeaseMayBeOver) {
  const HeldWork work = held(trial(1));
  EXPECT_TRUE(work.is_ready(kGivenAt));
  EXPECT_FALSE(work.is_ready(kGivenAt + kTtl));
}

TEST_F(HeldWorkTest, KeepsItsFilesUntilItsEndIsToBeReported) {
  HeldWork work = held(trial(1));
  work.begin();
  EXPECT_EQ(work.take_leftovers(), "");
  work.end(ReleasedReport{});
  EXPECT_EQ(work.take_leftovers(), "");
  work.report();
  EXPECT_EQ(work.take_leftovers(), "/data/attempt");
  EXPECT_EQ(work.take_leftovers(), "") << "they go once";
}

TEST_F(HeldWorkTest, ReportsItsLatestEnd) {
  HeldWork work = held(trial(1));
  work.begin();
  work.end(CompletedReport{});
  EXPECT_FALSE(work.is_stored()) << "its model is not with the coordinator";
  work.end(Failure{FailureKind::kInternal, "the trained model cannot be stored"});
  const WorkReport report = work.report();
  EXPECT_EQ(report.work, WorkRef(AttemptRef{TrialId{1}, 1}));
  EXPECT_EQ(std::get<Failure>(report.event).message, "the trained model cannot be stored");
}

TEST_F(HeldWorkTest, AddsWarningsToAResultAndToNothingElse) {
  HeldWork work = held(trial(1));
  work.begin();
  work.warn("too early");
  work.end(CompletedReport{.checkpoint = {}, .evaluation = {}, .warnings = {"one"}});
  work.warn("two");
  EXPECT_EQ(std::get<CompletedReport>(work.report().event).warnings,
            (std::vector<std::string>{"one", "two"}));
  HeldWork failed = held(trial(2));
  failed.begin();
  failed.end(Failure{FailureKind::kInternal, "why"});
  failed.warn("too late");
  EXPECT_EQ(std::get<Failure>(failed.report().event).message, "why");
}

TEST_F(HeldWorkTest, SeveralTrialsAreOneCommandInTheirOrder) {
  const HeldWork one = held(trial(1));
  const HeldWork two = held(trial(2));
  const std::vector<const HeldWork*> works = {&one, &two};
  const protocol::Command command = command_for(works, milliseconds(1'500));
  const auto& group = std::get<protocol::TrainGroup>(command);
  ASSERT_EQ(group.trials.size(), 2U);
  EXPECT_EQ(group.trials[1].plan.id, TrialId{2});
  EXPECT_EQ(group.trials[1].artifacts_dir, "/data/attempt");
  EXPECT_EQ(group.trials[1].checkpoint_every_s, 1.5);
}

TEST_F(HeldWorkTest, OneTrialIsNoGroupAndALookAtDataIsNoTrial) {
  const HeldWork one = held(trial(1));
  const std::vector<const HeldWork*> alone = {&one};
  EXPECT_TRUE(std::holds_alternative<protocol::TrainTrial>(command_for(alone, {})));
  const HeldWork look = held(PrepareAssignment{{SweepId{3}, 1}, {}, {"random"}});
  const std::vector<const HeldWork*> looking = {&look};
  EXPECT_TRUE(std::holds_alternative<protocol::PrepareData>(command_for(looking, {})));
  EXPECT_EQ(look.trial(), TrialId{});
}

}  // namespace
}  // namespace melsweep::agent

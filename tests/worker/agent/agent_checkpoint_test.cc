// Checkpoints: stored as the trainer makes them, fetched for a trial that goes on.
#include <gmock/gmock.h>

#include "tests/worker/agent/agent_under_test.h"
#include "worker/agent/agent.h"

namespace melsweep::agent {
namespace {

class AgentCheckpointTest : public AgentUnderTest {
 protected:
  AgentCheckpointTest() { stores_at_once = false; }

  Checkpoint at_step(std::int64_t step) const {
    return {step, (folder / ("step-" + std::to_string(step))).string(), "beef"};
  }
  void make_checkpoint(std::int64_t step) { say(protocol::Checkpointed{at_step(step)}); }
  void finish() { say(protocol::Finished{at_step(30000), {}}); }
  void finish_with_archive() {
    say(protocol::Finished{at_step(30000), {}, {}, protocol::MadeFile{"/pictures.tar", "cafe"}});
  }

  static TrialAssignment resumable() {
    TrialAssignment assignment = trial();
    assignment.checkpoints = {{1, 200, "new"}, {1, 100, "old"}};
    return assignment;
  }
  // Given a trial with two checkpoints, which the trainer has not begun.
  void be_given_resumable() {
    answer_register();
    answer_lease(Assignment(resumable()));
  }
  const protocol::TrainTrial& command() const { return std::get<protocol::TrainTrial>(trainer.told.back()); }
};

TEST_F(AgentCheckpointTest, IsReportedOnceTheCoordinatorHasIt) {
  run_trial();
  make_checkpoint(500);
  EXPECT_EQ(transfer.storing, at_step(500));
  EXPECT_FALSE(link.reporting);
  answer_store(absl::OkStatus());
  EXPECT_EQ(std::get<CheckpointReport>(reported()).checkpoint, at_step(500));
}

TEST_F(AgentCheckpointTest, OfThoseThatWaitOnlyTheNewestIsStored) {
  run_trial();
  for (const std::int64_t step : {100, 200, 300}) make_checkpoint(step);
  EXPECT_EQ(transfer.storing, at_step(100));
  answer_store(absl::OkStatus());
  EXPECT_EQ(transfer.storing, at_step(300));
}

TEST_F(AgentCheckpointTest, IsStoredAgainAfterAFailureThatPasses) {
  run_trial();
  make_checkpoint(100);
  answer_store(absl::UnavailableError("down"));
  EXPECT_FALSE(transfer.storing);
  pass_in_contact(seconds(6));
  EXPECT_EQ(transfer.storing, at_step(100));
}

TEST_F(AgentCheckpointTest, IsPassedOverWhereThereIsNoRoomAndTrainingGoesOn) {
  run_trial();
  make_checkpoint(100);
  answer_store(absl::ResourceExhaustedError("the disk is full"));
  pass_in_contact(seconds(60));
  EXPECT_FALSE(transfer.storing);
  EXPECT_EQ(trainer.told.size(), 1U);
  make_checkpoint(200);
  EXPECT_EQ(transfer.storing, at_step(200));
}

TEST_F(AgentCheckpointTest, AnAttemptThatIsNoLongerOursIsStopped) {
  run_trial();
  make_checkpoint(100);
  answer_store(absl::FailedPreconditionError("stale"));
  EXPECT_TRUE(std::holds_alternative<protocol::StopWork>(trainer.told.back()));
}

TEST_F(AgentCheckpointTest, TheModelIsStoredBeforeTheEndIsReported) {
  run_trial();
  finish();
  EXPECT_EQ(transfer.storing, at_step(30000));
  pass_in_contact(seconds(60));
  EXPECT_FALSE(link.reporting);
  answer_store(absl::OkStatus());
  EXPECT_TRUE(std::holds_alternative<CompletedReport>(reported()));
}

TEST_F(AgentCheckpointTest, WhatWasMisclassifiedIsStoredBeforeTheModel) {
  run_trial();
  make_checkpoint(29000);
  finish_with_archive();
  answer_store(absl::OkStatus());
  answer_report(absl::OkStatus());
  const Checkpoint archive{30000, "/pictures.tar", "cafe"};
  EXPECT_EQ(transfer.storing, archive);
  EXPECT_EQ(transfer.storing_kind, ArtifactKind::kMisclassified);
  answer_store(absl::UnavailableError("down"));
  pass_in_contact(seconds(6));
  EXPECT_EQ(transfer.storing, archive);
  EXPECT_EQ(transfer.storing_kind, ArtifactKind::kMisclassified);
  answer_store(absl::OkStatus());
  EXPECT_FALSE(link.reporting);
  EXPECT_EQ(transfer.storing, at_step(30000));
  EXPECT_EQ(transfer.storing_kind, ArtifactKind::kCheckpoint);
  answer_store(absl::OkStatus());
  EXPECT_EQ(std::get<CompletedReport>(reported()).checkpoint, at_step(30000));
}

TEST_F(AgentCheckpointTest, TheResultStandsWithoutWhatWasMisclassified) {
  run_trial();
  finish_with_archive();
  answer_store(absl::ResourceExhaustedError("the disk is full"));
  EXPECT_EQ(transfer.storing, at_step(30000));
  EXPECT_EQ(transfer.storing_kind, ArtifactKind::kCheckpoint);
  answer_store(absl::OkStatus());
  EXPECT_THAT(
      std::get<CompletedReport>(reported()).warnings,
      testing::ElementsAre("the archive of its misclassified clips could not be stored (the disk is full), "
                           "so that a report shows them only where the data set is"));
}

TEST_F(AgentCheckpointTest, WhatTheTimeWentIntoIsReportedWithTheResult) {
  run_trial();
  const StageTime training{"training", 12.5, 30000, 0};
  say(protocol::Finished{.checkpoint = at_step(30000), .evaluation = {}, .stages = {training}});
  answer_store(absl::OkStatus());
  EXPECT_THAT(std::get<CompletedReport>(reported()).stages, testing::ElementsAre(training));
}

TEST_F(AgentCheckpointTest, WhatTheTrainerWarnsOfIsReportedWithTheResult) {
  run_trial();
  say(protocol::Finished{.checkpoint = at_step(30000), .evaluation = {}, .warnings = {"no pictures"}});
  answer_store(absl::OkStatus());
  EXPECT_THAT(std::get<CompletedReport>(reported()).warnings, testing::ElementsAre("no pictures"));
}

TEST_F(AgentCheckpointTest, AnAttemptThatWasLostWhileItsPicturesWereStoredIsOver) {
  run_trial();
  finish_with_archive();
  answer_store(absl::FailedPreconditionError("stale"));
  EXPECT_FALSE(transfer.storing);
  EXPECT_FALSE(link.reporting);
}

TEST_F(AgentCheckpointTest, TheModelWaitsForRoom) {
  run_trial();
  finish();
  for (int i = 0; i < 3; ++i) {
    answer_store(absl::ResourceExhaustedError("the disk is full"));
    EXPECT_FALSE(link.reporting);
    pass_in_contact(seconds(6));
  }
  answer_store(absl::OkStatus());
  EXPECT_TRUE(std::holds_alternative<CompletedReport>(reported()));
}

TEST_F(AgentCheckpointTest, AModelThatIsNotWhatTheTrainerSaidFailsTheAttempt) {
  run_trial();
  finish();
  answer_store(absl::DataLossError("the file has another hash"));
  EXPECT_EQ(std::get<Failure>(reported()).kind, FailureKind::kInternal);
}

TEST_F(AgentCheckpointTest, AWorkerThatIsNotKnownRegistersAndStoresAgain) {
  run_trial();
  make_checkpoint(100);
  answer_store(absl::NotFoundError("register first"));
  EXPECT_TRUE(link.registering);
  answer_register();
  pass_in_contact(seconds(6));
  EXPECT_EQ(transfer.storing, at_step(100));
}

TEST_F(AgentCheckpointTest, ADrainedWorkerStoresWhatTheTrainerMadeBeforeItGivesBack) {
  run_trial();
  happen(StopRequested{});
  make_checkpoint(700);
  say(protocol::Stopped{});
  EXPECT_FALSE(link.reporting);
  answer_store(absl::OkStatus());
  ASSERT_TRUE(link.reporting);
  ASSERT_EQ(link.reporting->size(), 2U);
  EXPECT_TRUE(std::holds_alternative<CheckpointReport>(link.reporting->at(0).event));
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(link.reporting->at(1).event));
  answer_report(absl::OkStatus());
  EXPECT_EQ(agent.exit_code(), 0);
}

TEST_F(AgentCheckpointTest, ADrainedWorkerDoesNotWaitForEverToStore) {
  run_trial();
  happen(StopRequested{});
  make_checkpoint(700);
  say(protocol::Stopped{});
  pass(seconds(13));
  EXPECT_TRUE(transfer.is_cancelled);
  EXPECT_TRUE(std::holds_alternative<ReleasedReport>(reported()));
}

TEST_F(AgentCheckpointTest, ADeadTrainersLastCheckpointIsStoredBeforeItsFailureIsReported) {
  run_trial();
  make_checkpoint(700);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  EXPECT_FALSE(link.reporting);
  answer_store(absl::OkStatus());
  ASSERT_TRUE(link.reporting);
  EXPECT_TRUE(std::holds_alternative<CheckpointReport>(link.reporting->front().event));
}

TEST_F(AgentCheckpointTest, TheNewestIsFetchedBeforeTheTrainerBegins) {
  be_given_resumable();
  ASSERT_TRUE(transfer.fetching);
  EXPECT_EQ(transfer.fetching->name, (ArtifactName{SweepId{3}, {TrialId{7}, 1}, 200}));
  EXPECT_EQ(transfer.fetching->sha256, "new");
  EXPECT_TRUE(trainer.told.empty());
  const auto to = transfer.fetching->to;
  answer_fetch(absl::OkStatus());
  EXPECT_EQ(command().resume_from, to);
  say(protocol::Resumed{200});
  EXPECT_EQ(std::get<ResumedReport>(reported()).from, (ResumePoint{1, 200}));
}

TEST_F(AgentCheckpointTest, ADamagedOneGivesWayToTheOneBeforeAndThenToAStartFromNothing) {
  be_given_resumable();
  answer_fetch(absl::DataLossError("another hash"));
  ASSERT_TRUE(transfer.fetching);
  EXPECT_EQ(transfer.fetching->sha256, "old");
  answer_fetch(absl::NotFoundError("no such file"));
  EXPECT_EQ(command().resume_from, "");
}

TEST_F(AgentCheckpointTest, AFetchIsTriedAgainButNotForEver) {
  be_given_resumable();
  int tries = 0;
  for (; transfer.fetching && transfer.fetching->sha256 == "new"; ++tries) {
    answer_fetch(absl::UnavailableError("down"));
    pass_in_contact(seconds(6));
  }
  EXPECT_EQ(tries, 8);
  EXPECT_TRUE(transfer.fetching);
}

TEST_F(AgentCheckpointTest, WorkThatIsTakenBackWhileItIsFetchedIsNotBegun) {
  be_given_resumable();
  answer_heartbeat();
  pass(kInterval);
  answer_heartbeat({attempt});
  EXPECT_TRUE(transfer.is_cancelled);
  answer_fetch(absl::CancelledError("cancelled"));
  EXPECT_TRUE(trainer.told.empty());
  EXPECT_TRUE(link.leasing);
}

TEST_F(AgentCheckpointTest, AFetchThatOutlastsTheLeaseNeedsItsConfirmation) {
  be_given_resumable();
  link.beating.reset();
  happen(HeartbeatAnswered{absl::UnavailableError("down")});
  pass(kTtl);
  answer_fetch(absl::OkStatus());
  EXPECT_TRUE(trainer.told.empty());
  answer_heartbeat();
  EXPECT_EQ(trainer.told.size(), 1U);
}

TEST_F(AgentCheckpointTest, ATrainerThatGoesOnFromElsewhereFails) {
  be_given_resumable();
  answer_fetch(absl::OkStatus());
  say(protocol::Resumed{100});
  EXPECT_EQ(trainer.kills, 1);
  happen(TrainerEnded{{.exit_code = 0, .signal = 9, .last_words = ""}});
  EXPECT_EQ(std::get<Failure>(reported()).kind, FailureKind::kInternal);
}

TEST_F(AgentCheckpointTest, TheTrainerIsToldHowOftenToMakeOne) {
  run_trial();
  EXPECT_EQ(command().checkpoint_every_s, 60.0);
}

TEST_F(AgentCheckpointTest, OfWorkThatIsNoLongerOursNothingIsStored) {
  run_trial();
  pass(kInterval);
  answer_heartbeat({attempt});
  make_checkpoint(500);
  EXPECT_FALSE(transfer.storing);
  EXPECT_THAT(trainer.told, ::testing::SizeIs(2));
}

}  // namespace
}  // namespace melsweep::agent

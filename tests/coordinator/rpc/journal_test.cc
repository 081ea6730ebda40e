#include "coordinator/rpc/journal.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::rpc {
namespace {

using Level = JournalEntry::Level;

SweepRecord sweep_in(SweepState state) {
  SweepRecord sweep;
  sweep.id = {7};
  sweep.spec.name = "lr";
  sweep.state = state;
  sweep.reason = "no data";
  return sweep;
}

AttemptRecord attempt_in(AttemptState state) {
  AttemptRecord attempt;
  attempt.ref = {{12}, 2};
  attempt.worker = {"anna"};
  attempt.state = state;
  attempt.failure = Failure{FailureKind::kTrainerDied, "killed by\nsignal 9"};
  return attempt;
}

TEST(JournalEntry, FollowsASweepToItsEnd) {
  const auto text = [](SweepState state) { return journal_entry(store::PutSweep{sweep_in(state)})->text; };
  EXPECT_EQ(text(SweepState::kPreparing), "sweep 7 (lr) was submitted");
  EXPECT_EQ(text(SweepState::kWaiting), "sweep 7 (lr) waits for other sweeps of the study ");
  EXPECT_EQ(text(SweepState::kRunning), "sweep 7 (lr) is prepared and runs");
  EXPECT_EQ(text(SweepState::kFinished), "sweep 7 (lr) has finished");
  EXPECT_EQ(text(SweepState::kCancelled), "sweep 7 (lr) was cancelled");
  EXPECT_EQ(journal_entry(store::PutSweep{sweep_in(SweepState::kFailed)}),
            (JournalEntry{Level::kWarning, "sweep 7 (lr) has failed: no data"}));
}

TEST(JournalEntry, TellsThatASweepHasTakenOverItsSettings) {
  SweepRecord sweep = sweep_in(SweepState::kPreparing);
  sweep.study = {"study", SweepId{6}, {{SweepId{6}, 2}}};
  EXPECT_EQ(journal_entry(store::PutSweep{sweep})->text,
            "sweep 7 (lr) has its settings from other sweeps' winners");
}

TEST(JournalEntry, TellsOfPausesAndOfWorkersThatAreToLeave) {
  SweepRecord sweep = sweep_in(SweepState::kRunning);
  EXPECT_EQ(journal_entry(store::PutSweepPaused{sweep})->text, "sweep 7 (lr) was resumed");
  sweep.paused = true;
  EXPECT_EQ(journal_entry(store::PutSweepPaused{sweep})->text, "sweep 7 (lr) was paused");
  EXPECT_EQ(journal_entry(store::PutSweepAction{{{7}, SweepAction::kPause, {"r"}, 1}}), std::nullopt);
  EXPECT_EQ(journal_entry(store::PutWorker{{{"anna"}, "host", "cuda:0", 1, true}})->text,
            "worker anna is to leave");
}

TEST(JournalEntry, NamesWhereAnAttemptWasLostAndWhyInOneLine) {
  EXPECT_EQ(journal_entry(store::PutAttempt{attempt_in(AttemptState::kFailed)}),
            (JournalEntry{Level::kWarning, "attempt 2 of trial 12 on anna failed: killed by signal 9"}));
  EXPECT_EQ(journal_entry(store::PutAttempt{attempt_in(AttemptState::kLost)})->text,
            "attempt 2 of trial 12 on anna was lost: killed by signal 9");
  AttemptRecord wordy = attempt_in(AttemptState::kFailed);
  wordy.failure->message.assign(100'000, 'x');
  EXPECT_LT(journal_entry(store::PutAttempt{wordy})->text.size(), 500U);
}

TEST(JournalEntry, IsThereForWorkersAndPreparationsAndFailedTrials) {
  EXPECT_EQ(journal_entry(store::PutWorker{{{"anna"}, "host", "cuda:0", 1}})->text,
            "worker anna joined from host with cuda:0");
  PreparationRecord preparation{{7}, 3, 1, {"anna"}, {"r"}, AttemptState::kFailed};
  EXPECT_EQ(journal_entry(store::PutPreparation{preparation})->text,
            "attempt 3 at the data of sweep 7 on anna failed");
  store::PutTrialState trial;
  trial.trial = {12};
  trial.state = TrialState::kFailed;
  EXPECT_EQ(journal_entry(trial)->text, "trial 12 has failed for good");
}

TEST(JournalEntry, RepeatsTheWarningOfATrial) {
  EXPECT_EQ(journal_entry(store::AddWarning{SweepId{3}, "trial 2: no\npictures"}),
            (JournalEntry{JournalEntry::Level::kWarning, "sweep 3, trial 2: no pictures"}));
}

TEST(JournalEntry, IsNotThereForWhatGoesOnAllTheTime) {
  EXPECT_EQ(journal_entry(store::PutAttempt{attempt_in(AttemptState::kRunning)}), std::nullopt);
  EXPECT_EQ(journal_entry(store::PutTrial{}), std::nullopt);
  EXPECT_EQ(journal_entry(store::PutTrialState{}), std::nullopt);
  EXPECT_EQ(journal_entry(store::AddMetrics{}), std::nullopt);
}

TEST(JournalLimit, LetsABurstThroughAndCountsTheRest) {
  JournalLimit limit;
  const MonotonicTime start(std::chrono::hours(1));
  for (int i = 0; i < JournalLimit::kBurst; ++i) EXPECT_TRUE(limit.admit(start));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limit.admit(start));
  EXPECT_EQ(limit.take_left_out(start), 0) << "nothing may be said yet";
  EXPECT_EQ(limit.take_left_out(start + JournalLimit::kInterval), 1000);
  EXPECT_TRUE(limit.admit(start + JournalLimit::kInterval));
  EXPECT_FALSE(limit.admit(start + JournalLimit::kInterval));
  EXPECT_EQ(limit.take_left_out(start + std::chrono::hours(1)), 1);
}

}  // namespace
}  // namespace melsweep::rpc

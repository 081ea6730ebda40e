#include "coordinator/rpc/journal_fields.h"

#include <gtest/gtest.h>

namespace melsweep::rpc {
namespace {

TEST(JournalFields, NameWhatAnEntryIsAbout) {
  AttemptRecord attempt;
  attempt.ref = {{12}, 2};
  attempt.worker = {"anna"};
  EXPECT_EQ(journal_fields(store::PutAttempt{attempt}),
            (log::Fields{{"trial", std::int64_t{12}}, {"attempt", std::int64_t{2}}, {"worker", "anna"}}));
  SweepRecord sweep;
  sweep.id = {7};
  EXPECT_EQ(journal_fields(store::PutSweep{sweep}), (log::Fields{{"sweep", std::int64_t{7}}}));
  EXPECT_EQ(journal_fields(store::PutSweepPaused{sweep}), (log::Fields{{"sweep", std::int64_t{7}}}));
  store::PutTrialState trial;
  trial.trial = {3};
  EXPECT_EQ(journal_fields(trial), (log::Fields{{"trial", std::int64_t{3}}}));
  EXPECT_EQ(journal_fields(store::PutWorker{{{"anna"}, "host", "cpu"}}), (log::Fields{{"worker", "anna"}}));
  PreparationRecord preparation;
  preparation.sweep = {7};
  preparation.epoch = 1;
  preparation.worker = {"anna"};
  EXPECT_EQ(journal_fields(store::PutPreparation{preparation}),
            (log::Fields{{"sweep", std::int64_t{7}}, {"attempt", std::int64_t{1}}, {"worker", "anna"}}));
  EXPECT_EQ(journal_fields(store::AddMetrics{}), log::Fields{});
}

}  // namespace
}  // namespace melsweep::rpc

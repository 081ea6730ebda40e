#include "coordinator/metrics/condition_families.h"

#include <gtest/gtest.h>

#include "tests/coordinator/metrics/series.h"

namespace melsweep::metrics {
namespace {

TEST(ConditionFamilies, ShowEveryNumberOfTheOverview) {
  rpc::Condition condition;
  condition.overview = core::Overview{.trials = {1, 2, 3, 4, 5},
                                      .sweeps = {6, 7, 8, 9, 10, 11, 12},
                                      .workers = {13, 14, 15, 16},
                                      .queued = 17,
                                      .preparing = 18};
  const auto values = series(condition_families(condition));
  EXPECT_EQ(values.at(R"(melsweep_trials{state="pending"})"), 1);
  EXPECT_EQ(values.at(R"(melsweep_trials{state="running"})"), 2);
  EXPECT_EQ(values.at(R"(melsweep_trials{state="finished"})"), 3);
  EXPECT_EQ(values.at(R"(melsweep_trials{state="failed"})"), 4);
  EXPECT_EQ(values.at(R"(melsweep_trials{state="cancelled"})"), 5);
  EXPECT_EQ(values.at(R"(melsweep_sweeps{state="waiting"})"), 6);
  EXPECT_EQ(values.at(R"(melsweep_sweeps{state="preparing"})"), 7);
  EXPECT_EQ(values.at(R"(melsweep_sweeps{state="running"})"), 8);
  EXPECT_EQ(values.at(R"(melsweep_sweeps{state="finished"})"), 9);
  EXPECT_EQ(values.at(R"(melsweep_sweeps{state="failed"})"), 10);
  EXPECT_EQ(values.at(R"(melsweep_sweeps{state="cancelled"})"), 11);
  EXPECT_EQ(values.at("melsweep_sweeps_paused"), 12);
  EXPECT_EQ(values.at("melsweep_workers_connected"), 13);
  EXPECT_EQ(values.at("melsweep_workers_busy"), 14);
  EXPECT_EQ(values.at("melsweep_workers_waiting"), 15);
  EXPECT_EQ(values.at("melsweep_workers_draining"), 16);
  EXPECT_EQ(values.at("melsweep_queue_depth"), 17);
  EXPECT_EQ(values.at(R"(melsweep_leases{work="trial"})"), 2);
  EXPECT_EQ(values.at(R"(melsweep_leases{work="preparation"})"), 18);
  EXPECT_EQ(values.at("melsweep_store_writable"), 1);
  EXPECT_EQ(values.at("melsweep_coordinator_responding"), 1);
}

TEST(ConditionFamilies, LeaveOutWhatIsNotKnown) {
  rpc::Condition condition;
  condition.trouble = absl::UnavailableError("disk full");
  const auto unread = series(condition_families(condition));
  EXPECT_EQ(unread.size(), 2u);
  EXPECT_EQ(unread.at("melsweep_store_writable"), 0);
  EXPECT_EQ(unread.at("melsweep_coordinator_responding"), 1);
  const auto silent = series(condition_families(absl::UnavailableError("no answer")));
  EXPECT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent.at("melsweep_coordinator_responding"), 0);
}

}  // namespace
}  // namespace melsweep::metrics

#include "coordinator/metrics/store_metrics.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "tests/coordinator/metrics/series.h"

namespace melsweep::metrics {
namespace {

using namespace std::chrono_literals;

AttemptRecord attempt(AttemptState state) {
  AttemptRecord record;
  record.ref = {{7}, 1};
  record.worker = {"anna"};
  record.request = {"request"};
  record.state = state;
  return record;
}

class StoreMetricsTest : public testing::Test {
 protected:
  void commit(const std::vector<store::Write>& writes, const absl::Status& status = absl::OkStatus()) {
    metrics_.note(writes, 4ms, status);
  }

  double value(const std::string& name) const { return series(metrics_.collect()).at(name); }

  StoreMetrics metrics_;
};

TEST_F(StoreMetricsTest, ShowEverySeriesFromTheStart) {
  for (const char* name : {R"(melsweep_store_commit_failures_total{reason="unavailable"})",
                           R"(melsweep_leases_granted_total{work="trial"})",
                           R"(melsweep_leases_expired_total{work="preparation"})",
                           R"(melsweep_attempts_ended_total{outcome="lost"})", "melsweep_trials_failed_total",
                           "melsweep_trials_reused_total", "melsweep_checkpoints_recorded_total",
                           "melsweep_metric_points_recorded_total"}) {
    EXPECT_EQ(value(name), 0) << name;
  }
}

TEST_F(StoreMetricsTest, MeasureCommits) {
  commit({store::PutCheckpoint{}, store::PutCheckpoint{}});
  EXPECT_EQ(value("melsweep_store_commit_duration_seconds_count"), 1);
  EXPECT_NEAR(value("melsweep_store_commit_duration_seconds_sum"), 0.004, 1e-9);
  EXPECT_EQ(value("melsweep_store_commit_writes_sum"), 2);
  EXPECT_EQ(value("melsweep_checkpoints_recorded_total"), 2);
}

TEST_F(StoreMetricsTest, CountOfACommitThatFailedNothingButThat) {
  commit({store::PutCheckpoint{}}, absl::UnavailableError("disk full"));
  commit({store::PutCheckpoint{}}, absl::InvalidArgumentError("no UTF-8"));
  commit({store::PutCheckpoint{}}, absl::FailedPreconditionError("no such trial"));
  commit({store::PutCheckpoint{}}, absl::InternalError("a sync failed"));
  EXPECT_EQ(value("melsweep_checkpoints_recorded_total"), 0);
  EXPECT_EQ(value(R"(melsweep_store_commit_failures_total{reason="unavailable"})"), 1);
  EXPECT_EQ(value(R"(melsweep_store_commit_failures_total{reason="refused"})"), 2);
  EXPECT_EQ(value(R"(melsweep_store_commit_failures_total{reason="broken"})"), 1);
}

TEST_F(StoreMetricsTest, FollowAnAttempt) {
  commit({store::PutAttempt{attempt(AttemptState::kRunning)}});
  AttemptRecord resumed = attempt(AttemptState::kRunning);
  resumed.resumed_from = ResumePoint{1, 500};
  commit({store::PutAttempt{resumed}});  // the same lease
  commit({store::AddMetrics{resumed.ref, {{1, "loss", 0.5}, {2, "loss", 0.4}}}});
  commit({store::PutAttempt{attempt(AttemptState::kFinished)}});
  EXPECT_EQ(value(R"(melsweep_leases_granted_total{work="trial"})"), 1);
  EXPECT_EQ(value("melsweep_metric_points_recorded_total"), 2);
  EXPECT_EQ(value(R"(melsweep_attempts_ended_total{outcome="finished"})"), 1);
  EXPECT_EQ(value(R"(melsweep_leases_expired_total{work="trial"})"), 0);
}

TEST_F(StoreMetricsTest, KnowExpiredLeasesOfTrialsAndOfData) {
  commit({store::PutAttempt{attempt(AttemptState::kLost)}});
  PreparationRecord preparation;
  commit({store::PutPreparation{preparation}});  // submitted, and given to nobody
  preparation.state = AttemptState::kRunning;
  commit({store::PutPreparation{preparation}});
  preparation.state = AttemptState::kLost;
  commit({store::PutPreparation{preparation}});
  EXPECT_EQ(value(R"(melsweep_attempts_ended_total{outcome="lost"})"), 1);
  EXPECT_EQ(value(R"(melsweep_leases_expired_total{work="trial"})"), 1);
  EXPECT_EQ(value(R"(melsweep_leases_granted_total{work="preparation"})"), 1);
  EXPECT_EQ(value(R"(melsweep_leases_expired_total{work="preparation"})"), 1);
}

TEST_F(StoreMetricsTest, CountResultsThatWereTakenOverApart) {
  AttemptRecord taken = attempt(AttemptState::kFinished);
  taken.request = {};
  commit({store::PutAttempt{taken}, store::CopyResult{taken.ref, {{3}, 1}}});
  EXPECT_EQ(value(R"(melsweep_attempts_ended_total{outcome="finished"})"), 0);
  EXPECT_EQ(value("melsweep_trials_reused_total"), 1);
}

TEST_F(StoreMetricsTest, CountTrialsThatFailedForGood) {
  store::PutTrialState waits;
  store::PutTrialState failed;
  failed.state = TrialState::kFailed;
  commit({waits, failed});
  EXPECT_EQ(value("melsweep_trials_failed_total"), 1);
}

}  // namespace
}  // namespace melsweep::metrics
